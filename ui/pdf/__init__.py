"""An answer as a PDF: its content and its layout."""
