"""What is known about a patient: possible values, the dictionary, the record, the timeline."""
