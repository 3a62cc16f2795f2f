from ui.page import open_page

with open_page("dealers") as page:
    pass
