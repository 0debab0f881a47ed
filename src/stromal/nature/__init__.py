"""What a table cannot say about the nature of the tumour: mitoses, variants, uncertainty."""
