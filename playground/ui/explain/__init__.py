"""What everything in the window is, in words and small drawings.

`texts` looks explanations up, `pages` names formulas and sentences, `drawing` paints, `popover`
shows all of that beside a question mark. The widget kit asks for texts, so this file imports
nothing. GUI thread.
"""
