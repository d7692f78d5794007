"""Tables: read in whatever form they come, choose among their columns, write them."""
