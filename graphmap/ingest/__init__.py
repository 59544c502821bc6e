"""From files to facts in the store: the importer protocol, preflight, identity, quarantine and the loading use case."""
