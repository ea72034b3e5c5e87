"""Reports that officials edit and sign: what they say (pure), and how they are written, as DOCX and as HTML."""
