from django.urls import URLPattern, URLResolver, path, re_path

from companies.views import merge

app_name = "companies"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^merges/new/(?P<of>company|contact)/$", merge.new, name="merge"),
    path("merges/", merge.merges, name="merges"),
    path("merges/<int:pk>/undo/", merge.undo_merge, name="merge_undo"),
]
