"""The columnar cache of touches: pulled from the store batch by batch, clustered by account, rebuilt whenever it is deleted."""
