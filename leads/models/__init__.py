from leads.models.account_plan import AccountPlan, Headcount, Tier, VisitRhythm
from leads.models.aftercare_offer import AftercareOffer
from leads.models.booklet import Booklet, BookletPart
from leads.models.cadence import Cadence, CadenceStep, CadenceVersion, EventAnchor, EventCadence, OpeningFault
from leads.models.channel import ChannelChoice
from leads.models.claim import Claim
from leads.models.debrief_mark import DebriefMark
from leads.models.delivery import Delivery, DeliveryItem
from leads.models.enquiry import Enquiry
from leads.models.escalation import EscalationStep
from leads.models.file import InteractionFile, LeadFile
from leads.models.follow_up import FollowUp
from leads.models.gate import GateFact
from leads.models.goal import Budget, Goal
from leads.models.inbound_mail import InboundMail
from leads.models.interaction import Interaction, Participant
from leads.models.investor_case import CaseStep, InvestorCase
from leads.models.lead import Lead, LeadPerson
from leads.models.lead_view import LeadView
from leads.models.letter import Letter
from leads.models.nda import Nda
from leads.models.outreach import Invitation, Outreach
from leads.models.paper import Paper
from leads.models.quality_count import QualityCount
from leads.models.reading import Reading, ReadingShare
from leads.models.reminder import Reminder
from leads.models.report import Report
from leads.models.reserve import Reserve
from leads.models.retention import PersonReview, Purge, RetentionRule
from leads.models.scheme import CountedType, ReportingScheme
from leads.models.service import Service, ServiceKind
from leads.models.site_visit import SiteStop, SiteVisit, SiteVisitor
from leads.models.stage import InvestmentType, Reason, Stage
from leads.models.stage_change import StageChange
from leads.models.stay import Stay

__all__ = [
    "AccountPlan",
    "AftercareOffer",
    "Booklet",
    "BookletPart",
    "Budget",
    "Cadence",
    "CadenceStep",
    "CadenceVersion",
    "CaseStep",
    "ChannelChoice",
    "Claim",
    "CountedType",
    "DebriefMark",
    "Delivery",
    "DeliveryItem",
    "Enquiry",
    "EscalationStep",
    "EventAnchor",
    "EventCadence",
    "FollowUp",
    "GateFact",
    "Goal",
    "Headcount",
    "InboundMail",
    "Interaction",
    "InteractionFile",
    "InvestmentType",
    "InvestorCase",
    "Invitation",
    "Lead",
    "LeadFile",
    "LeadPerson",
    "LeadView",
    "Letter",
    "Nda",
    "OpeningFault",
    "Outreach",
    "Paper",
    "Participant",
    "PersonReview",
    "Purge",
    "QualityCount",
    "Reading",
    "ReadingShare",
    "Reason",
    "Reminder",
    "Report",
    "ReportingScheme",
    "Reserve",
    "RetentionRule",
    "Service",
    "ServiceKind",
    "SiteStop",
    "SiteVisit",
    "SiteVisitor",
    "Stage",
    "StageChange",
    "Stay",
    "Tier",
    "VisitRhythm",
]
