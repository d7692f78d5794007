"""What an experiment is: data, network and training as plain values.

This floor knows numpy, pydantic and scikit-learn. It knows neither torch nor Qt, so that an
experiment can be read, checked and changed anywhere.
"""
