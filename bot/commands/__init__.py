"""The commands of a shell: `wrapup ...`."""
