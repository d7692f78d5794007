"""How the picture of the network is changed: pointer, keyboard, menus and small cards."""
