"""The importers that come with graphmap: one module per kind of export; they emit records and never write."""
