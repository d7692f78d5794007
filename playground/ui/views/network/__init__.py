"""The network as a picture: inputs, layers and outputs with a live picture in every neuron.

    diagram                 an experiment as columns, and the names of their weights
    shapes, sizes, headers, layout   where everything stands: pure geometry
    lens                    zoom and pan
    strands                 the weights' curves, in numpy
    pictures                the images inside the nodes
    still, painting, overlay, transition   the layers of paint
    targets, words          what is under the pointer, and what it says
    hands, actions, menus, editor   what the person does, and what it asks for
    view                    the widget

Imports PySide6, `core` and the plain data classes of `engines`; GUI thread only.
"""

from playground.ui.views.network.view import NetworkView

__all__ = ["NetworkView"]
