"""What is printed: the picture's file checked, the code in it measured, photos read. Knows no Django."""
