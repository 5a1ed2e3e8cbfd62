from companies.models.bulk_edit import BulkEdit, BulkEditRow
from companies.models.company import Company, Kind
from companies.models.company_name import CompanyName
from companies.models.contact import Contact, LegalBasis, Position
from companies.models.contact_look_alike import ContactLookAlike, NotTheSameContact, PersonReason
from companies.models.contact_point import ContactPoint, Suppression
from companies.models.export import Export
from companies.models.file import AttachedFile, CompanyFile, ContactFile, File
from companies.models.imports import ColumnShape, Import, ImportRow, ImportWrite
from companies.models.look_alike import LookAlike, LookAlikeWalk, NotTheSame, Reason
from companies.models.merge import MergeLog
from companies.models.place import City, Country, Municipality
from companies.models.privacy import DataRequest, Incident, PersonalAct
from companies.models.privacy_notice import PrivacyNotice
from companies.models.rate import Rate
from companies.models.saved_view import FirstView, SavedView
from companies.models.sector import Activity, Sector

__all__ = [
    "Activity",
    "AttachedFile",
    "BulkEdit",
    "BulkEditRow",
    "City",
    "ColumnShape",
    "Company",
    "CompanyFile",
    "CompanyName",
    "Contact",
    "ContactFile",
    "ContactLookAlike",
    "ContactPoint",
    "Country",
    "DataRequest",
    "Export",
    "File",
    "FirstView",
    "Import",
    "ImportRow",
    "ImportWrite",
    "Incident",
    "Kind",
    "LegalBasis",
    "LookAlike",
    "LookAlikeWalk",
    "MergeLog",
    "Municipality",
    "NotTheSame",
    "NotTheSameContact",
    "PersonReason",
    "PersonalAct",
    "Position",
    "PrivacyNotice",
    "Rate",
    "Reason",
    "SavedView",
    "Sector",
    "Suppression",
]
