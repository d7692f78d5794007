"""The network as a picture: inputs, layers and outputs with a live picture in every neuron.

    structure      what is shown: an experiment as columns, the numbers of a layer, its title
    layout         where everything stands, zoom and pan, what is at a point
    descriptions   what the picture says of a place in it
    painting       the images inside the nodes, the edges, fixed parts, what follows the pointer
    editing        what the person does, and what that asks for
    view           the widget
    card           the picture and the table in one card

A room imports those above it; painting and editing do not know each other.

Imports PySide6, `core` and the plain data classes of `engines`; GUI thread only.
"""

from playground.ui.network.view import NetworkView

__all__ = ["NetworkView"]
