"""The embedded teacher: a model file on this machine, and llama.cpp's server for it."""
