"""What the end-to-end tests share: the program under test as a process, and its clients."""
