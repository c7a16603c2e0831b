"""The web page: one file a page, and the widgets they share. Nothing is calculated here."""
