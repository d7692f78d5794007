"""The network as a picture: inputs, layers and outputs with a live picture in every neuron.

    parameters, kinds       what layers give, what their weights are called, how they are titled
    diagram                 an experiment as columns
    shapes, sizes, headers, layout   where everything stands: pure geometry
    lens                    zoom and pan
    strands                 the weights' curves, in numpy
    pictures, atlases       the images inside the nodes
    still, painting, overlay, transition   the layers of paint
    targets, words          what is under the pointer, and what it says
    hands, actions, menus, editor   what the person does, and what it asks for
    stage, view             the widget

Imports PySide6, `core` and the plain data classes of `engines`; GUI thread only.
"""

from playground.ui.views.network.view import NetworkView

__all__ = ["NetworkView"]
