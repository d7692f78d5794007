"""What `playground bench` runs; imports all floors, and nothing imports it but the command."""
