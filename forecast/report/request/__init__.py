"""What a report run is asked for: by the options of the command, and by a run file."""
