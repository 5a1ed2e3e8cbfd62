from django.urls import URLPattern, URLResolver, path, re_path

from companies.files import COMPANY, CONTACT
from companies.views import companies, contacts, facts, files, import_rows, imports, look_alikes, merge

app_name = "companies"
urlpatterns: list[URLPattern | URLResolver] = [
    path("companies/new/", companies.new, name="new"),
    path("companies/<int:pk>/edit/", companies.edit, name="edit"),
    path("companies/<int:pk>/facts/<slug:name>/", facts.fact, name="fact"),
    path("companies/<int:pk>/archive/", companies.archive, name="archive"),
    path("companies/<int:pk>/names/new/", companies.name_new, name="name_new"),
    path("companies/<int:pk>/names/<int:name_pk>/remove/", companies.name_remove, name="name_remove"),
    path("contacts/new/", contacts.new, name="contact_new"),
    path("contacts/<int:pk>/edit/", contacts.edit, name="contact_edit"),
    path("contacts/<int:pk>/objection/", contacts.objection, name="objection"),
    re_path(r"^contacts/(?P<pk>\d{1,18})/(?P<kind>positions|points)/new/$", contacts.part_new, name="contact_part"),
    path("look-alikes/", look_alikes.queue, name="look_alikes"),
    path("look-alikes/<int:pk>/not-the-same/", look_alikes.not_the_same, name="not_the_same"),
    re_path(r"^merges/new/(?P<of>company|contact)/$", merge.new, name="merge"),
    *files.paths(COMPANY, "companies/<int:pk>/"),
    *files.paths(CONTACT, "contacts/<int:pk>/"),
    path("merges/", merge.merges, name="merges"),
    path("merges/<int:pk>/undo/", merge.undo_merge, name="merge_undo"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.choose, name="import_choose"),
    path("imports/new/<slug:kind>/", imports.new, name="import_new"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("imports/<int:pk>/values/", imports.values, name="import_values"),
    path("imports/<int:pk>/rows/<int:number>/", import_rows.row, name="import_row"),
    path("imports/<int:pk>/left.csv", import_rows.left, name="import_left"),
    path("imports/<int:pk>/run/", imports.run, name="import_run"),
    path("imports/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("imports/<int:pk>/discard/", imports.discard, name="import_discard"),
]
