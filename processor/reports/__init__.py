"""What accounting reads: values first, then one writer per format."""
