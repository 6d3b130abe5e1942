"""The one door to huggingface_hub: files of the Hub come in, a dataset goes out.

Importing this imports nothing: the library takes half a second.
"""
