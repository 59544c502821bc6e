"""Exports of Salesforce: what is claimed, ids, merges, activities and their participants, and what never comes out."""

from __future__ import annotations

import csv
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.discovery import choose
from graphmap.ingest.protocol import Options, Probe, Raw
from graphmap.ingest.repairing import TextSource
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import Affiliation, Bounce, DisplayName, Firm, Interaction, Opportunity, Person, Sourced
from graphmap_importers.cells import Problem
from graphmap_importers.crm_tables import squash
from graphmap_importers.salesforce import REASONS, SalesforceImporter
from graphmap_importers.salesforce_ids import check_letters, full_id
from graphmap_importers.salesforce_shapes import COLUMNS
from tests.importers.exports import notices, reasons, records, rejections, shown, table, told
from tests.importers.test_golden import GOLDEN

OURS = Options(own_domains=("ours.example",))


def sf(prefix: str, name: str) -> str:
    """An id of 18 characters."""
    return full_id(f"{prefix}5g00000{name:0>5}"[:15], "Id")


ACME, BETA = sf("001", "aAcme"), sf("001", "bBeta")
EVA, OTTO = sf("003", "aEvaE"), sf("003", "bOtto")
ANNA, MAX = sf("005", "rAnna"), sf("005", "mMaxM")
ROWS: dict[str, list[dict[str, str]]] = {
    "Account": [{"Id": ACME, "Name": "Acme", "OwnerId": ANNA, "MasterRecordId": "", "IsDeleted": "false"}],
    "Contact": [{"Id": EVA, "AccountId": ACME, "Name": "Eva", "Email": "eva@acme.example"}],
    "User": [
        {"Id": ANNA, "Name": "Anna", "Email": "anna@ours.example", "IsActive": "true", "UserType": "Standard"}
    ],
    "Task": [
        {
            **{
                "Id": sf("00T", "aCall"),
                "WhoId": EVA,
                "OwnerId": ANNA,
                "AccountId": ACME,
                "TaskSubtype": "Call",
            },
            **{"IsClosed": "true", "ActivityDate": "2024-03-01", "IsDeleted": "false"},
        }
    ],
    "Event": [
        {
            **{
                "Id": sf("00U", "aMeet"),
                "WhoId": EVA,
                "OwnerId": ANNA,
                "AccountId": ACME,
                "IsDeleted": "false",
            },
            "StartDateTime": "2024-03-05T09:00:00.000Z",
        }
    ],
    "EmailMessage": [
        {
            **{"Id": sf("02s", "aMail"), "FromAddress": "anna@ours.example", "ToAddress": "eva@acme.example"},
            **{
                "Status": "3",
                "MessageDate": "2024-03-02T08:15:00.000Z",
                "IsDeleted": "false",
                "CreatedDate": "",
            },
        }
    ],
}


@pytest.fixture(scope="session")
def export(run, memory):
    """What comes out of an export; rows given are changes to the usual one row of each file, None leaves a file out."""

    def go(options=OURS, **files):
        whole = {kind: rows for kind, rows in ROWS.items() if kind in {"Account", "Contact", "User"}} | files
        sources = [
            memory(f"export/{kind}.csv", table({**ROWS.get(kind, [{}])[0], **row} for row in rows))
            for kind, rows in whole.items()
            if rows is not None
        ]
        return run(SalesforceImporter(), sources, options)

    return go


def only(found, kind):
    (one,) = [record for record in records(found, kind) if not getattr(record, "id", "").endswith(":own")]
    return one


# Ids.

LETTERS = st.text("ABCXYZabcxyz0189", min_size=15, max_size=15)


@given(LETTERS)
def test_ids_of_15_and_18_characters_are_one_and_case_that_a_tool_destroyed_is_repaired(bare):
    """P33."""
    whole = full_id(bare, "Id")
    assert whole == bare + check_letters(bare)
    assert len(whole) == 18
    assert {full_id(text, "Id") for text in (bare, whole, whole.lower(), whole.upper())} == {whole}


@given(LETTERS, st.integers(0, 14))
def test_a_letter_whose_case_was_changed_is_found_by_the_check_letters(bare, place):
    """P33."""
    changed = bare[:place] + bare[place].swapcase() + bare[place + 1 :]
    if changed == bare or changed in {changed.lower(), changed.upper()}:
        return
    with pytest.raises(Problem, match="do not fit") as told:
        full_id(changed + check_letters(bare), "Id")
    assert told.value.code == "salesforce_id"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.23E+17", "scientific notation"),
        ("1,23457E+17", "scientific notation"),
        ("0015500000Xyy06AA", "15 or 18"),
        ("wfQo3+JVfsNIdcz/", "15 or 18"),
        ("0015500000Xyy06AA8", "do not fit"),
        ("0015500000xyy06aa8", "do not fit"),
        ("ü015500000xyy06", "15 or 18"),
    ],
)
def test_what_cannot_be_an_id_is_refused_with_the_reason(text, why):
    """P33."""
    with pytest.raises(Problem, match=why):
        full_id(text, "Id")


def test_real_ids_fit(test_data):
    """P33."""
    seen = set()
    for path in (test_data / "fivetran_seeds" / "salesforce").glob("*.csv"):
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            seen |= {
                text
                for text in row.values()
                if text and len(text) == 18 and text[:4] in {"0011", "0031", "0051"}
            }
    assert seen
    good = [text for text in seen if check_letters(text[:15]) == text[15:]]
    assert len(good) > len(seen) * 0.8  # some were made unrecognisable by leaving letters out


# What is claimed.


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("x/Account.csv", f"Id,Name,OwnerId\n{ACME},Acme,\n", True),
        ("x/account.csv", f"id,name,owner_id,_fivetran_synced\n{ACME},Acme,,\n", True),
        ("x/sf_account_data.csv", f"id,name,is_deleted\n{ACME[:15]},Acme,\n", True),
        ("x/ACCOUNTS_2024.csv", f"ID;NAME;OWNERID\n{ACME};Acme;\n", True),
        ("x/opportunities.csv", f"Id,StageName,AccountId\n{sf('006', 'x')},Won,\n", True),
        ("x/Account.csv", "Id,Name,OwnerId\n1.2E+17,Acme,\n", True),
        ("x/Account.csv", "Id,Name,OwnerId\n", True),
        ("x/Account.csv", "id,name,owner_id\n17,Acme,4\n", False),
        ("x/Account.csv", "Id,Name\n17,Acme\n", False),
        ("x/Account.csv", "Account ID,Account Name,Account Owner\n0015g,Acme,Anna\n", False),
        ("x/Accounts.csv", "accountid,name,ownerid\n17,Acme,4\n", False),
        ("x/account_history.csv", f"Id,Name,OwnerId\n{ACME},Acme,\n", False),
        ("x/people.csv", f"Id,Name,OwnerId\n{ACME},Acme,\n", False),
        ("x/Account.json", f"Id,Name,OwnerId\n{ACME},Acme,\n", False),
        ("x/Account.csv", "", False),
    ],
)
def test_files_are_known_by_name_and_api_names_and_reports_are_left_alone(name, head, expected):
    """P39."""
    assert (SalesforceImporter().identify(Probe(name, head.encode()), Options()) is not None) == expected


@given(st.binary(max_size=200), st.sampled_from(["Account.csv", "Task.csv", "x.csv"]))
def test_identifying_never_fails_on_foreign_files(data, name):
    assert SalesforceImporter().identify(Probe(name, data), Options()) is None


def test_every_file_of_the_export_is_chosen_for_it_and_by_nobody_else():
    sources = [one for one in find_sources([GOLDEN / "salesforce"]) if one.name.endswith(".csv")]
    around = neighbourhoods(sources)
    assert len(sources) == len(COLUMNS)
    for source in sources:
        choice = choose(probe(source, around[source.name]), Options())
        assert choice is not None
        assert choice.importer.name == "salesforce"


def test_a_file_under_another_name_is_refused_with_the_names_there_are(memory):
    with pytest.raises(InputError, match=r"Account\.csv"):
        SalesforceImporter().plan([memory("x/stuff.csv", "Id,Name\n")], Options())


def test_a_column_that_stands_twice_is_told_before_anything_is_read(memory):
    """P39."""
    with pytest.raises(InputError, match="twice"):
        SalesforceImporter().plan([memory("x/Account.csv", "Id,Name,OwnerId,OWNER_ID\n")], Options())


NOT_READ = {
    "Account": """AccountNumber AccountSource AnnualRevenue BillingCity BillingCountryCode BillingGeocodeAccuracy
        BillingLatitude BillingLongitude BillingPostalCode BillingState BillingStateCode BillingStreet Description Fax
        JigsawCompanyId LastActivityDate LastReferencedDate LastViewedDate NumberOfEmployees Ownership PhotoUrl Rating
        RecordTypeId ShippingCity ShippingCountry ShippingCountryCode ShippingGeocodeAccuracy ShippingLatitude
        ShippingLongitude ShippingPostalCode ShippingState ShippingStateCode ShippingStreet Sic SicDesc Site TickerSymbol""",
    "Contact": """CreatedById CreatedDate EmailBouncedReason Fax IsEmailBounced JigsawContactId
        LastActivityDate LastCURequestDate LastCUUpdateDate LastModifiedById LastModifiedDate LastReferencedDate
        LastViewedDate MailingCity MailingCountry MailingCountryCode MailingGeocodeAccuracy MailingLatitude
        MailingLongitude MailingPostalCode MailingState MailingStateCode MailingStreet OwnerId PhotoUrl Salutation
        SystemModstamp LeadSource Description IndividualId Birthdate HasOptedOutOfFax OtherLatitude AssistantName
        OtherStreet OtherState HomePhone OtherCity OtherPhone OtherGeocodeAccuracy OtherPostalCode OtherCountry
        AssistantPhone Jigsaw OtherLongitude""",
    "User": """AboutMe AccountId Alias BadgeText BannerPhotoUrl CallCenterId City CommunityNickname Country CountryCode
        DefaultGroupNotificationFrequency DelegatedApproverId DigestFrequency Division EmailEncodingKey
        EmailPreferencesAutoBcc EmployeeNumber Extension Fax FederationIdentifier ForecastEnabled FullPhotoUrl
        GeocodeAccuracy IndividualId IsProfilePhotoActive LanguageLocaleKey LastReferencedDate LastViewedDate Latitude
        LocaleSidKey Longitude MediumBannerPhotoUrl OfflineTrialExpirationDate PostalCode ProfileId
        ReceivesAdminInfoEmails ReceivesInfoEmails SenderEmail SenderName Signature SmallBannerPhotoUrl SmallPhotoUrl
        State StateCode Street TimeZoneSidKey UserRoleId Username""",
    "Lead": """Country EmailBouncedReason EmailBouncedDate OwnerId LeadSource ConvertedDate LastModifiedDate
        LastModifiedById SystemModstamp GeocodeAccuracy PhotoUrl State Longitude LastReferencedDate
        LastActivityDate CountryCode Phone Name JigsawContactId CreatedById Salutation StateCode IsUnreadByOwner Status
        City Latitude Industry Title LastViewedDate ConvertedOpportunityId Street Company FirstName Email Website
        LastName NumberOfEmployees CreatedDate PostalCode HasOptedOutOfEmail ConvertedAccountId MobilePhone
        AnnualRevenue Description Fax IndividualId""",
    "Opportunity": """CampaignId Description ExpectedRevenue Fiscal FiscalQuarter FiscalYear ForecastCategory
        ForecastCategoryName HasOpenActivity HasOpportunityLineItem HasOverdueTask IsExcludedFromTerritory2Filter
        LastActivityDate LastReferencedDate LastViewedDate LeadSource NextStep Pricebook2Id Probability RecordTypeId
        SyncedQuoteId Territory2Id Type""",
    "Task": """CallDisposition RecurrenceDayOfMonth RecurrenceEndDateOnly Subject Description RecurrenceTimeZoneSidKey
        WhatCount CallObject RecurrenceDayOfWeekMask LastModifiedById SystemModstamp RecurrenceRegeneratedType
        RecurrenceType ReminderDateTime IsHighPriority RecurrenceMonthOfYear IsReminderSet RecurrenceInstance Priority
        RecurrenceInterval WhoCount RecurrenceStartDateOnly CallDurationInSeconds CreatedById CreatedDate
        RecurrenceActivityId RecordTypeId""",
    "Event": """CreatedById CreatedDate Description DurationInMinutes EndDateTime EventSubtype GroupEventType
        IsGroupEvent IsReminderSet LastModifiedById Location RecurrenceActivityId RecurrenceDayOfMonth
        RecurrenceDayOfWeekMask RecurrenceEndDateOnly RecurrenceInstance RecurrenceInterval RecurrenceMonthOfYear
        RecurrenceStartDateTime RecurrenceTimeZoneSidKey RecurrenceType ReminderDateTime ShowAs Subject SystemModstamp
        Type WhatCount WhoCount IsRecurrence2 IsRecurrence2Exception IsRecurrence2Exclusion
        Recurrence2PatternStartDate Recurrence2PatternText Recurrence2PatternTimeZone Recurrence2PatternVersion EndDate""",
}
"""The vendor's columns that are knowingly not read."""


@pytest.mark.parametrize("kind", NOT_READ)
def test_every_column_of_the_vendor_is_read_or_knowingly_not_read(kind, test_data):
    path = test_data / "fivetran_seeds" / "salesforce" / f"sf_{kind.lower()}_data.csv"
    with path.open(encoding="utf-8") as lines:
        header = next(csv.reader(lines))
    standard = {squash(one) for one in header if not one.endswith("_c") and not one.startswith("_fivetran")}
    read, left = {squash(one) for one in COLUMNS[kind]}, {squash(one) for one in NOT_READ[kind].split()}
    assert standard - read - left == set()
    assert left & read == set()
    assert left <= standard


def test_headers_as_a_warehouse_delivers_them_are_read(test_data, run):
    """The ids there were made unrecognisable in part; every row is a record, left out, or set aside for that."""
    folder = test_data / "fivetran_seeds" / "salesforce"
    importer = SalesforceImporter()
    mine = [one for one in find_sources([folder]) if importer.identify(probe(one), Options()) is not None]
    assert {one.name.rpartition("/")[2] for one in mine} >= {f"sf_{kind}_data.csv" for kind in ("account", "contact", "user", "task", "lead", "opportunity")}  # fmt: skip
    found = run(importer, mine)
    assert {type(one) for one in records(found)} >= {Person, Interaction}
    assert {one.code for one in rejections(found)} <= {"salesforce_id", "missing"}


# Accounts, contacts, users.


def test_an_account_is_a_firm_and_its_own_revenue_is_not_our_value(export):
    row = {
        "AnnualRevenue": "9000000",
        "Website": "www.Acme.example/de",
        "Industry": "Steel",
        "ParentId": BETA,
    }
    firm = only(export(Account=[row]), Firm)
    assert firm == Firm(
        f"salesforce:{ACME}", "Acme", None, ("acme.example",), f"salesforce:{BETA}", f"salesforce:{ANNA}", industry="Steel"
    )  # fmt: skip
    assert firm.annual_value is None


def test_a_mail_that_came_back_from_a_contact_is_told_with_its_day(export):
    row = {"EmailBouncedDate": "2024-03-09T23:30:00.000Z"}
    assert records(export(Contact=[row]), Bounce) == [Bounce("eva@acme.example", "2024-03-09")]
    assert records(export(Contact=[{"EmailBouncedDate": ""}]), Bounce) == []
    assert records(export(Contact=[{**row, "Email": ""}]), Bounce) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Customer - Direct", None),
        ("Channel Partner / Reseller", "partner"),
        ("Competitor", "other"),
        ("", None),
    ],
)
def test_the_type_says_who_is_a_partner(kind, expected, export):
    assert only(export(Account=[{"Type": kind}]), Firm).kind == expected


def test_a_queue_owns_nothing(export):
    assert only(export(Account=[{"OwnerId": sf("00G", "queue")}]), Firm).owner is None


def test_merged_accounts_and_contacts_and_converted_leads_are_other_ids_of_what_is_left(export):
    """P32."""
    middle, old, lead, merged = sf("001", "middl"), sf("001", "oldAc"), sf("00Q", "aLead"), sf("00Q", "bLead")
    found = export(
        Account=[
            {},
            {"Id": middle, "MasterRecordId": ACME, "IsDeleted": "true"},
            {"Id": old, "MasterRecordId": middle, "IsDeleted": "true"},
        ],
        Contact=[{}, {"Id": OTTO, "MasterRecordId": EVA, "IsDeleted": "true"}],
        Lead=[
            {"Id": lead, "IsConverted": "true", "ConvertedContactId": OTTO, "OwnerId": ANNA},
            {"Id": merged, "IsConverted": "false", "MasterRecordId": lead, "OwnerId": ANNA},
        ],
    )
    assert only(found, Firm).aliases == tuple(sorted((f"salesforce:{middle}", f"salesforce:{old}")))
    eva = next(one for one in records(found, Person) if one.name == "Eva")
    assert eva.aliases == tuple(sorted(f"salesforce:{one}" for one in (OTTO, lead, merged)))
    assert sorted(reasons(found)) == ["converted_lead", "merged", "merged", "merged", "open_lead"]


def test_merges_in_a_circle_end(export):
    """P32."""
    found = export(Account=[{"MasterRecordId": BETA}, {"Id": BETA, "MasterRecordId": ACME}])
    assert reasons(found) == ["merged", "merged"]


def test_what_was_deleted_is_left_out(export):
    """P32."""
    found = export(
        **{kind: [{"IsDeleted": "true"}] for kind in ("Account", "Contact", "Task", "Event", "EmailMessage")}
    )
    assert reasons(found) == ["deleted"] * 5


def test_a_person_account_is_a_person_without_a_firm_and_known_by_both_ids(export):
    row = {
        "IsPersonAccount": "true",
        "PersonContactId": EVA,
        "PersonEmail": "Eva@mail.example",
        "FirstName": "Eva",
    }
    deal = {"Id": sf("006", "aDeal"), "AccountId": ACME, "StageName": "Won", "OwnerId": ANNA}
    found = export(Account=[row], Contact=[{"IsPersonAccount": "true"}], Opportunity=[deal], User=None)
    (person,) = records(found, Person)
    assert (person.id, person.firm, person.aliases) == (f"salesforce:{EVA}", None, (f"salesforce:{ACME}",))
    assert person.emails == ("eva@mail.example",)
    assert reasons(found) == ["person_account"]
    assert only(found, Opportunity).firm is None


def test_a_private_contact_is_left_out_and_counted(export):
    """P31."""
    assert reasons(export(Contact=[{"AccountId": ""}])) == ["private_contact"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"HasOptedOutOfEmail": "true"}, True),
        ({"HasOptedOutOfEmail": "0", "DoNotCall": "1"}, True),
        ({"HasOptedOutOfEmail": "false"}, False),
        ({}, None),
    ],
)
def test_who_wants_no_mail_or_calls_is_marked(row, expected, export):
    """P51."""
    assert (
        next(one for one in records(export(Contact=[row]), Person) if one.name == "Eva").opt_out == expected
    )


def test_a_contact_has_manager_title_and_phones_and_an_address_that_is_none_is_told(export):
    row = {"ReportsToId": OTTO[:15], "Title": "CFO", "Phone": "1", "MobilePhone": "2", "Email": "eva at acme"}
    found = export(Contact=[row], User=None)
    person = only(found, Person)
    assert (person.manager, person.title, person.phones, person.emails) == (
        f"salesforce:{OTTO}",
        "CFO",
        ("1", "2"),
        (),
    )
    assert notices(found) == ["not_an_address"]


@pytest.mark.parametrize(
    "row", [{"UserType": "PowerPartner"}, {"ContactId": EVA}, {"UserType": "AutomatedProcess"}]
)
def test_users_of_portals_and_programs_are_no_colleagues(row, export):
    assert reasons(export(User=[row])) == ["not_a_colleague"]


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({"LastModifiedDate": "2024-01-15T09:00:00.000Z"}, "2024-01-15"),
        ({"LastLoginDate": "2024-01-10 09:00:00"}, "2024-01-10"),
        ({}, None),
    ],
)
def test_an_inactive_user_has_left_on_the_day_of_the_last_change_and_it_is_told(row, day, export):
    """P26."""
    found = export(User=[{"IsActive": "false", **row}])
    assert next(one for one in records(found, Person) if one.name == "Anna").valid_to == day
    assert "left" in notices(found)


def test_our_firm_comes_once_with_the_first_user_under_the_name_most_users_have(export):
    found = export(
        User=[
            {"UserType": "Guest", "CompanyName": "Guests"},
            {"CompanyName": "Ours"},
            {"Id": MAX, "CompanyName": "Ours"},
            {"Id": sf("005", "three"), "CompanyName": "Another"},
        ]
    )
    own = [one for one in found if isinstance(one, Sourced) and one.record == Firm("salesforce:own", "Ours", "own", ("ours.example",))]  # fmt: skip
    assert [one.origin.line for one in own] == [3]
    assert all(
        one.firm == "salesforce:own" for one in records(found, Person) if one.id.startswith("salesforce:005")
    )


def test_a_contact_on_several_accounts_has_them_with_their_days(export):
    """P24, P28."""
    base = {"AccountId": BETA, "ContactId": EVA, "IsDeleted": "false"}
    found = export(
        AccountContactRelation=[
            {**base, "Id": sf("07k", "a"), "IsDirect": "true"},
            {
                **base,
                "Id": sf("07k", "b"),
                "IsDirect": "false",
                "StartDate": "2022-01-01",
                "EndDate": "2023-01-01",
            },
            {**base, "Id": sf("07k", "c"), "IsActive": "false", "LastModifiedDate": "2023-05-06T00:00:00Z"},
        ]
    )
    person, firm = f"salesforce:{EVA}", f"salesforce:{BETA}"
    assert records(found, Affiliation) == [
        Affiliation(person, firm, valid_from="2022-01-01", valid_to="2023-01-01"),
        Affiliation(person, firm, valid_to="2023-05-06"),
    ]
    assert reasons(found) == ["direct"]
    assert notices(found) == ["ended"]


def test_the_amount_keeps_its_currency_and_nothing_is_converted(export):
    """P40."""
    row = {
        "Id": sf("006", "a"),
        "AccountId": ACME,
        "StageName": "Lost",
        "Amount": "12.5",
        "CurrencyIsoCode": "SEK",
    }
    deal = only(export(Opportunity=[{**row, "IsClosed": "true", "IsWon": "false"}]), Opportunity)
    assert (deal.amount, deal.currency, deal.status) == (12.5, "SEK", "lost")


# Activities.


def pairs(found):
    return set(only(found, Interaction).participants)


def test_a_call_has_caller_and_callee_and_whoever_else_was_related(export):
    relation = {"TaskId": ROWS["Task"][0]["Id"], "IsWhat": "false", "IsDeleted": "false"}
    found = export(
        Task=[{"CallType": "Inbound"}],
        TaskRelation=[
            {**relation, "Id": "a", "RelationId": OTTO},
            {**relation, "Id": "b", "RelationId": ACME, "IsWhat": "true"},
            {**relation, "Id": "c", "RelationId": MAX, "IsDeleted": "true"},
        ],
    )
    assert pairs(found) == {
        ("callee", f"salesforce:{ANNA}"),
        ("caller", f"salesforce:{EVA}"),
        ("caller", f"salesforce:{OTTO}"),
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"TaskSubtype": "Task"}, "other_task"),
        ({"TaskSubtype": "LinkedIn"}, "other_task"),
        ({"TaskSubtype": "ListEmail"}, "other_task"),
        ({"IsClosed": "false"}, "open_task"),
        ({"IsClosed": "", "Status": "In Progress"}, "open_task"),
        ({"IsRecurrence": "true"}, "series"),
        ({"WhoId": "", "AccountId": ""}, "nobody_named"),
    ],
)
def test_only_calls_and_mails_that_took_place_with_somebody_count(row, reason, export):
    """P52."""
    assert reasons(export(Task=[row])) == [reason]


def test_a_task_without_subtype_is_told_by_its_type(export):
    found = export(Task=[{"TaskSubtype": "Task", "Type": "Email", "IsClosed": "", "Status": "Completed"}])
    one = only(found, Interaction)
    assert (one.kind, set(one.participants)) == (
        "email",
        {("owner", f"salesforce:{ANNA}"), ("to", f"salesforce:{EVA}")},
    )


@pytest.mark.parametrize(
    ("row", "at"),
    [
        ({}, "2024-03-01T00:00:00"),
        ({"CompletedDateTime": "2024-03-01T14:30:00.000Z"}, "2024-03-01T14:30:00"),
        ({"CompletedDateTime": "2024-02-29T20:00:00.000+0000"}, "2024-02-29T20:00:00"),
        ({"CompletedDateTime": "2026-01-01T14:30:00.000Z"}, "2024-03-01T00:00:00"),
        ({"ActivityDate": "", "CompletedDateTime": "2024-03-09 14:30:00"}, "2024-03-09T14:30:00"),
    ],
)
def test_calls_loaded_into_salesforce_years_later_keep_their_day(row, at, export):
    """P41: times without offset are UTC whatever the zone of the user."""
    from graphmap_importers.times import moment

    found = export(Options(tz="America/New_York"), Task=[row])
    assert only(found, Interaction).at == moment(at)[0]


def test_a_task_that_stands_for_a_mail_is_left_out_for_the_mail(export):
    found = export(Task=[{"TaskSubtype": "Email"}], EmailMessage=[{"ActivityId": ROWS["Task"][0]["Id"]}])
    assert reasons(found) == ["same_as_email"]
    assert [one.kind for one in records(found, Interaction)] == ["email"]


def test_an_activity_about_an_account_alone_names_the_account_also_after_a_merge(export):
    old = sf("001", "oldAc")
    found = export(
        Account=[{}, {"Id": old, "MasterRecordId": ACME, "IsDeleted": "true"}],
        Task=[{"WhoId": "", "AccountId": old}],
    )
    assert pairs(found) == {("caller", f"salesforce:{ANNA}"), ("account", f"salesforce:{ACME}")}
    gone = export(Account=[{"IsDeleted": "true"}], Task=[{"WhoId": ""}])
    assert reasons(gone) == ["deleted", "nobody_named"]


def test_an_event_has_those_invited_without_rooms_and_tells_who_declined(export):
    relation = {"EventId": ROWS["Event"][0]["Id"][:15], "IsDeleted": "false", "Status": "Accepted"}
    found = export(
        Event=[{}],
        EventRelation=[
            {**relation, "Id": "a", "RelationId": MAX},
            {**relation, "Id": "b", "RelationId": OTTO, "Status": "Declined"},
            {**relation, "Id": "c", "RelationId": sf("023", "aRoom")},
            {**relation, "Id": "d", "RelationId": BETA, "IsWhat": "true"},
            {**relation, "Id": "e", "RelationId": EVA},
        ],
    )
    assert pairs(found) == {
        ("organizer", f"salesforce:{ANNA}"),
        ("attendee", f"salesforce:{EVA}"),
        ("attendee", f"salesforce:{MAX}"),
        ("declined", f"salesforce:{OTTO}"),
    }


def test_who_was_asked_first_and_declined_did_not_take_part(export):
    relation = {"EventId": ROWS["Event"][0]["Id"], "RelationId": EVA, "Status": "Declined", "Id": "a"}
    assert ("declined", f"salesforce:{EVA}") in pairs(export(Event=[{}], EventRelation=[relation]))


@pytest.mark.parametrize(
    ("row", "reason"),
    [({"IsChild": "true"}, "copy"), ({"IsPrivate": "true"}, "private"), ({"IsRecurrence": "true"}, "series")],
)
def test_copies_private_meetings_and_masters_of_series_are_left_out(row, reason, export):
    assert reasons(export(Event=[row])) == [reason]


def test_a_mail_is_the_same_as_in_a_mailbox_and_names_people_before_addresses(export):
    relation = {"EmailMessageId": ROWS["EmailMessage"][0]["Id"], "IsDeleted": "false"}
    found = export(
        EmailMessage=[
            {
                **{
                    "MessageIdentifier": "<ABC@Ours.example>",
                    "ThreadIdentifier": "<Root@x>",
                    "FromName": "Anna Alm",
                },
                **{"ToAddress": "Eva <eva@acme.example>; new@acme.example", "CcAddress": "cy@acme.example"},
            }
        ],
        EmailMessageRelation=[
            {
                **relation,
                "Id": "a",
                "RelationId": EVA,
                "RelationType": "ToAddress",
                "RelationAddress": "eva@acme.example",
            },
            {
                **relation,
                "Id": "b",
                "RelationId": "",
                "RelationType": "CcAddress",
                "RelationAddress": "Cy@acme.example",
            },
            {**relation, "Id": "c", "RelationId": MAX, "RelationType": "BccAddress", "RelationAddress": ""},
            {**relation, "Id": "d", "RelationId": MAX, "RelationType": "OtherAddress", "RelationAddress": ""},
        ],
    )
    one = only(found, Interaction)
    assert (one.id, one.thread) == ("mail:abc@ours.example", "root@x")
    assert one.participants == (
        ("from", "anna@ours.example"),
        ("to", "new@acme.example"),
        ("to", f"salesforce:{EVA}"),
        ("cc", "cy@acme.example"),
        ("bcc", f"salesforce:{MAX}"),
    )
    assert records(found, DisplayName) == [DisplayName("anna@ours.example", "Anna Alm")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"Status": "5"}, "draft"),
        ({"IsBounced": "true"}, "bounce"),
        ({"FromAddress": ""}, "no_sender"),
        ({"ToAddress": "undisclosed"}, "no_recipient"),
    ],
)
def test_mails_that_reached_nobody_are_left_out(row, reason, export):
    assert reasons(export(EmailMessage=[row])) == [reason]


@pytest.mark.parametrize(
    ("changed", "told"), [("2025-02-20", True), ("2025-01-20", False), ("2025-04-20", False)]
)
def test_activities_that_end_a_year_ago_are_a_sign_that_older_ones_are_missing(changed, told, export):
    """The reference is the newest change in the file, not the day of the import."""
    found = export(Task=[{"LastModifiedDate": f"{changed}T00:00:00Z"}])
    assert ("archived_activities" in notices(found)) == told
    found = export(Task=[{"LastModifiedDate": f"{changed}T00:00:00Z", "IsArchived": "true"}])
    assert "archived_activities" not in notices(found)


def test_a_broken_row_of_a_relation_is_told_once_with_the_file_it_belongs_to(export):
    rows = [
        {"EventId": "x", "RelationId": EVA, "Id": "a"},
        {"EventId": ROWS["Event"][0]["Id"], "RelationId": "", "Id": "b"},
    ]
    found = export(Event=[{}], EventRelation=rows)
    assert [(one.code, one.origin.file, one.origin.line, one.raw) for one in rejections(found)] == [
        ("salesforce_id", "export/EventRelation.csv", 2, None),
        ("missing", "export/EventRelation.csv", 3, None),
    ]


@pytest.mark.parametrize(
    ("kind", "row", "code", "column"),
    [
        ("Account", {"Id": "1.2E+17"}, "salesforce_id", "Id"),
        ("Account", {"ParentId": "x"}, "salesforce_id", "ParentId"),
        ("Account", {"Name": " "}, "missing", "Name"),
        ("Contact", {"AccountId": "17"}, "salesforce_id", "AccountId"),
        ("Contact", {"HasOptedOutOfEmail": "perhaps"}, "boolean", "HasOptedOutOfEmail"),
        ("Task", {"ActivityDate": "31.12.2024"}, "date", "ActivityDate"),
        ("Task", {"WhoId": "x"}, "salesforce_id", "WhoId"),
        ("Task", {"AccountId": "x"}, "salesforce_id", "AccountId"),
        ("Event", {"StartDateTime": ""}, "missing", "StartDateTime"),
        ("EmailMessage", {"MessageDate": "soon"}, "date", "MessageDate"),
    ],
)
def test_a_bad_cell_costs_its_row_and_is_named(kind, row, code, column, export):
    found = export(**{kind: [row]})
    (one,) = rejections(found)
    assert (one.code, one.column, one.origin.line) == (code, column, 2)
    assert one.raw is not None
    assert one.remedy


# Laws.


def sources_of(folder):
    return [one for one in find_sources([folder]) if one.name.endswith(".csv")]


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(run, order: random.Random):
    sources = sources_of(GOLDEN / "salesforce")
    expected = told(run(SalesforceImporter(), sources, OURS))
    order.shuffle(sources)
    assert told(run(SalesforceImporter(), sources, OURS)) == expected


@pytest.mark.parametrize("kind", COLUMNS)
def test_splitting_a_file_does_not_matter(kind, run, memory):
    sources = sources_of(GOLDEN / "salesforce")
    expected = told(run(SalesforceImporter(), sources, OURS))
    (whole,) = [one for one in sources if one.name.endswith(f"/{kind}.csv")]
    with whole.open() as stream:
        header, *rows = stream.read().splitlines(keepends=True)
    others = [one for one in sources if one is not whole]
    halves = [
        memory(f"elsewhere/{kind}_{number}.csv", header + b"".join(some))
        for number, some in enumerate((rows[: len(rows) // 2], rows[len(rows) // 2 :]))
    ]
    assert told(run(SalesforceImporter(), [*others, *halves], OURS)) == expected


@settings(max_examples=20)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=5, max_size=40).map(
        lambda text: f"kanarie{text}"
    )
)
def test_descriptions_and_subjects_change_nothing_and_come_out_nowhere(run, memory, canary):
    extra = dict.fromkeys(
        ("Description", "Subject", "TextBody", "HtmlBody", "Headers", "Location", "NextStep", "Notes__c", "CallObject"), canary
    )  # fmt: skip
    importer = SalesforceImporter()
    plain = [memory(f"x/{kind}.csv", table(rows)) for kind, rows in ROWS.items()]
    rich = [memory(f"x/{kind}.csv", table([{**row, **extra} for row in rows])) for kind, rows in ROWS.items()]
    bad = [{**row, **extra, "Id": "1.2E+17"} for row in ROWS["Task"]]
    assert told(run(importer, rich, OURS)) == told(run(importer, plain, OURS))
    assert "kanarie" not in shown(importer, [*rich, memory("x/Task_2.csv", table(bad))], OURS)


def test_a_row_that_was_set_aside_is_read_again_alone_with_what_other_files_said(export, memory, run):
    importer = SalesforceImporter()
    relation = {"EventId": ROWS["Event"][0]["Id"], "RelationId": OTTO, "Status": "Declined", "Id": "a"}
    broken = [{**ROWS["Event"][0], "StartDateTime": "31.02.2024", "Subject": "kanarie"}]
    sources = [
        memory("x/Event.csv", table(broken, delimiter=";")),
        memory("x/EventRelation.csv", table([relation])),
    ]
    (part,) = importer.plan(sources, OURS)
    (raw,) = importer.read(part, OURS)
    assert isinstance(raw, Raw)
    assert raw.text is not None
    text = f"{part.header}\n{raw.text.replace('31.02.2024', '2024-03-05T09:00:00.000Z')}\n"
    again = run(importer, [TextSource("x/Event.csv", text.encode())], OURS)
    right = export(Event=[{}], EventRelation=[relation])
    assert records(again, Interaction) == records(right, Interaction)


def test_users_that_were_set_aside_do_not_tell_our_firm_again(memory, run):
    importer = SalesforceImporter()
    (part,) = importer.plan([memory("x/User.csv", table(ROWS["User"]))], OURS)
    (raw,) = importer.read(part, OURS)
    again = run(importer, [TextSource("x/User.csv", f"{part.header}\n{raw.text}\n".encode())], OURS)
    assert [type(one).__name__ for one in records(again)] == ["Person"]


def test_western_european_letters_are_read_where_the_export_was_made_that_way(run, memory):
    """P35."""
    text = table([{**ROWS["Account"][0], "Name": "Müller & Söhne"}])
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        found = run(SalesforceImporter(), [memory("x/Account.csv", text.encode(encoding))], OURS)
        assert only(found, Firm).name == "Müller & Söhne"


def test_all_reasons_occur_and_are_listed(run):
    found = run(SalesforceImporter(), sources_of(GOLDEN / "salesforce"), OURS)
    assert set(reasons(found)) <= set(REASONS)
