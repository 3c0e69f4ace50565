"""The corpus, written shorter than its JSON. `tools/netbox-oracle/corpus` writes the JSON."""
