"""Writers: a document, or a comparison, as a file."""
