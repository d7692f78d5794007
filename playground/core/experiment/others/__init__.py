"""What other programs write: links of TensorFlow Playground, and JSON of many others."""
