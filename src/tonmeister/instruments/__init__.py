"""Sound sources: sound fonts and own synthesizers."""
