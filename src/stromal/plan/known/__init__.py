"""What is known of one patient on a day: facts that follow from the record and its course."""
