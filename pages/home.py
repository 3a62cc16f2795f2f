from ui.page import open_page

with open_page("home") as page:
    pass
