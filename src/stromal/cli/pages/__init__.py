"""What the commands show: pages for the terminal, HTML, PDF and drawings."""
