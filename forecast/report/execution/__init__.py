"""Execute notebooks: tasks in, one page and one executed notebook each out."""
