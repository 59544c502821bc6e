"""HubSpot: exports with labels, internal names and JSON objects give the same records; associations, merges, what is left out."""

from __future__ import annotations

import csv
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.ingest.discovery import choose
from graphmap.ingest.protocol import Options, Probe, Raw
from graphmap.ingest.repairing import TextSource
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import Affiliation, Firm, Interaction, Opportunity, OpportunityRole, Person
from graphmap_importers.hubspot import REASONS, HubSpotImporter
from graphmap_importers.hubspot_shapes import COLUMNS, LABELS, squash
from tests.importers.exports import notices, reasons, records, rejections, shown, table, told
from tests.importers.test_golden import GOLDEN

OURS = Options(own_domains=("ours.example",))
ROWS: dict[str, dict[str, str]] = {
    "company": {"hs_object_id": "201", "name": "Acme", "domain": "acme.example"},
    "contact": {"hs_object_id": "101", "firstname": "Eva", "lastname": "Ember", "email": "eva@acme.example"},
    "owner": {
        "id": "301",
        "email": "anna@ours.example",
        "firstname": "Anna",
        "lastname": "Alm",
        "userid": "9",
    },
    "deal": {"hs_object_id": "401", "dealname": "Acme 2025", "dealstage": "open"},
    "email": {
        **{
            "hs_object_id": "501",
            "hs_timestamp": "2024-03-02T08:15:00Z",
            "hs_email_from_email": "anna@ours.example",
        },
        "hs_email_to_email": "eva@acme.example",
    },
    "meeting": {
        "hs_object_id": "601",
        "hs_meeting_start_time": "2024-03-05T09:00:00Z",
        "hubspot_owner_id": "301",
    },
    "call": {"hs_object_id": "701", "hs_timestamp": "2024-03-06T10:00:00Z", "hubspot_owner_id": "301"},
}


@pytest.fixture(scope="session")
def export(run, memory):
    """What comes out of files with one row each: the usual one with changes; None leaves a column out."""

    def go(options=OURS, more=(), **files):
        sources = [
            memory(
                f"export/{kind}s.csv",
                table([{k: v for k, v in {**ROWS[kind], **row}.items() if v is not None} for row in rows]),
            )
            for kind, rows in files.items()
        ]
        return run(HubSpotImporter(), [*sources, *more], options)

    return go


def only(found, kind):
    (one,) = [one for one in records(found, kind) if not getattr(one, "id", "").endswith(":own")]
    return one


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        (
            "x/hubspot-crm-exports-all-contacts-2024.csv",
            "Record ID,First Name,Last Name,Email\n1,a,b,c\n",
            True,
        ),
        ("x/contacts.csv", "hs_object_id,email,lastname\n1,a,b\n", True),
        ("x/contact_data.csv", "id,property_email,_fivetran_synced\n1,a,b\n", True),
        ("x/companies.csv", "Record ID,Company name,Company Domain Name\n1,a,b\n", True),
        ("x/engagement_contact.csv", "engagement_id,contact_id,type_id\n1,2,3\n", True),
        ("x/owners.jsonl", '{"id": "1", "email": "a", "userId": 4, "archived": false}\n', True),
        ("x/emails.jsonl", '{"id": "1", "properties": {"hs_timestamp": "2"}}\n', True),
        ("x/contacts.csv", "Record ID,First Name,Last Name,Email\n", True),
        ("x/contacts.csv", "id,email,lastname\n1,a,b\n", False),
        ("x/contacts.csv", "First Name,Last Name,Email\na,b,c\n", False),
        ("x/contacts.csv", "Record ID,First Name,Email\n,a,b\n", False),
        ("x/tickets.csv", "Record ID,Ticket name\n1,a\n", False),
        ("x/email_campaign.csv", "id,_fivetran_synced,name,subject\n1,a,b,c\n", False),
        ("x/emails.jsonl", "no json\n", False),
        ("x/emails.jsonl", '{"id": "1"}\n', False),
        ("x/interactions.jsonl", '{"id": "1", "at": "x", "kind": "email", "participants": []}\n', False),
    ],
)
def test_files_are_known_by_a_word_in_their_name_and_columns_only_hubspot_has(name, head, expected):
    """P39."""
    assert (HubSpotImporter().identify(Probe(name, head.encode()), Options()) is not None) == expected


def test_every_file_of_the_golden_export_is_chosen_for_it():
    sources = [one for one in find_sources([GOLDEN / "hubspot"]) if not one.name.endswith(".txt")]
    around = neighbourhoods(sources)
    chosen = [choose(probe(one, around[one.name]), Options()) for one in sources]
    assert [choice.importer.name for choice in chosen] == ["hubspot"] * len(sources)


NOT_READ = [
    "_fivetran_synced",
    "property_description",
    "property_createdate",
    "property_address",
    "property_address_2",
    "property_city",
    "property_state",
    "property_annualrevenue",
    "property_hs_all-funky-a9384-syntax",
    "property_company",
    "property_email_1",
    "property_created_at",
    "property_first_conversion_date",
    "deal_pipeline_id",
    "portal_id",
    "created_at",
    "type",
    "updated_at",
    "property_hs_createdate",
    "property_hs_lastmodifieddate",
    "property_hs_all_owner_ids",
    "property_hs_all_team_ids",
    "property_hs_email_subject",
    "property_hs_email_text",
    "property_hs_modified_by",
    "property_hubspot_team_id",
    "created_from_link_id",
    "end_time",
    "pre_meeting_prospect_reminders",
    "source",
    "source_id",
    "web_conference_meeting_id",
    "body",
    "external_url",
    "title",
    "engagement_type",
    "type_id",
    "category",
]
"""The vendor's columns that are knowingly not read."""


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("company", "company"), ("contact", "contact"), ("deal", "deal"), ("owner", "owner"), ("engagement_email", "email"),
        ("engagement_call", "call"), ("engagement_meeting", "meeting"), ("engagement_contact", "engagement_contact"),
        ("engagement_company", "engagement_company"), ("deal_contact", "deal_contact"), ("deal_company", "deal_company"),
    ],
)  # fmt: skip
def test_every_column_of_the_vendor_is_read_or_knowingly_not_read(file, kind, test_data):
    with (test_data / "fivetran_seeds" / "hubspot" / f"{file}_data.csv").open(encoding="utf-8") as lines:
        header = next(csv.reader(lines))
    left = [column for column in header if squash(column) not in COLUMNS[kind] and column not in NOT_READ]
    assert left == []


def test_what_a_warehouse_delivers_is_read(test_data, run):
    folder, importer = test_data / "fivetran_seeds" / "hubspot", HubSpotImporter()
    mine = [one for one in find_sources([folder]) if importer.identify(probe(one), Options()) is not None]
    names = {one.name.rpartition("/")[2] for one in mine}
    assert names >= {f"{name}_data.csv" for name in ("contact", "deal", "owner", "engagement_email", "engagement_contact", "deal_contact")}  # fmt: skip
    found = run(importer, mine)
    assert {type(one) for one in records(found)} >= {Person, Opportunity}
    assert {one.code for one in rejections(found)} <= {"hubspot_id", "missing"}
    assert "no_offset" not in notices(found)


def as_labels(row):
    """The same row under the labels of an export."""
    labels = {
        "hs_object_id": "Record ID",
        **{name: others[0].title() for name, others in LABELS.items() if others},
    }
    labels["id"] = "Record ID"
    return {labels.get(name, name): value for name, value in row.items()}


@pytest.mark.parametrize("kind", [kind for kind in ROWS if kind != "owner"])
def test_labels_internal_names_and_objects_give_the_same_records(kind, run, memory):
    row = {**ROWS[kind], "hubspot_owner_id": "301", "contacts": "101", "companies": "201"}
    object_ = {
        "id": row["hs_object_id"],
        "properties": {k: v for k, v in row.items() if k not in {"contacts", "companies"}},
    }
    object_["associations"] = {
        "contacts": {"results": [{"id": "101", "type": "x"}]},
        "companies": {"results": [{"id": 201}]},
    }
    ways = [
        memory(f"a/{kind}s.csv", table([as_labels(row)], delimiter=";")),
        memory(
            f"b/{kind}s.csv",
            table(
                [{f"property_{k}" if k not in {"contacts", "companies"} else k: v for k, v in row.items()}]
            ),
        ),
        memory(f"c/{kind}s.jsonl", json.dumps(object_) + "\n"),
    ]
    found = [told(run(HubSpotImporter(), [one], Options(tz="UTC"))) for one in ways]
    assert found[0] == found[1] == found[2]
    assert found[0]


def test_a_company_is_a_firm_with_the_ids_that_were_merged_into_it(export):
    """P27, P32."""
    row = {
        "website": "www.acme-group.example",
        "hs_merged_object_ids": "208;209",
        "hs_parent_company_id": "202",
        "annualrevenue": "9",
    }
    firm = only(export(company=[row]), Firm)
    assert firm.domains == ("acme.example", "acme-group.example")
    assert firm.aliases == ("hubspot:company:208", "hubspot:company:209")
    assert (firm.parent, firm.annual_value) == ("hubspot:company:202", None)


def test_a_contact_has_its_companies_addresses_and_merged_ids(export):
    """P28, P32, P51."""
    row = {
        **{
            "hs_additional_emails": "eva@old.example;nonsense",
            "associatedcompanyid": "202",
            "companies": "201; 202",
        },
        **{
            "hs_merged_object_ids": "9;101",
            "hs_calculated_merged_vids": "8:1600000;101:17",
            "hs_email_optout": "true",
        },
    }
    found = export(contact=[row])
    person = only(found, Person)
    assert (person.firm, person.aliases, person.opt_out) == (
        "hubspot:company:202",
        ("hubspot:contact:8", "hubspot:contact:9"),
        True,
    )
    assert person.emails == ("eva@acme.example", "eva@old.example")
    assert records(found, Affiliation) == [Affiliation("hubspot:contact:101", "hubspot:company:201")]
    assert notices(found) == ["not_an_address"]


def test_a_contact_without_a_company_is_at_the_one_with_its_domain_unless_two_have_it(export):
    found = export(company=[{}], contact=[{}])
    assert only(found, Person).firm == "hubspot:company:201"
    assert notices(found) == ["firm_by_domain"]
    assert only(export(company=[{}, {"hs_object_id": "202"}], contact=[{}]), Person).firm is None


def test_an_owner_is_found_by_display_name_unless_two_have_it(export):
    found = export(owner=[{}], company=[{"hubspot_owner_id": "Anna ALM"}])
    assert only(found, Firm).owner == "hubspot:owner:301"
    found = export(owner=[{}, {"id": "302"}], company=[{"hubspot_owner_id": "Anna Alm"}])
    assert only(found, Firm).owner is None
    assert "owner_by_name" in notices(found)


def test_a_deal_has_owner_company_contacts_and_its_own_currency(export, memory):
    """P40."""
    row = {
        "amount": "5",
        "deal_currency_code": "SEK",
        "contacts": "101;102",
        "dealstage": "closedlost",
        "hubspot_owner_id": "301",
    }
    link = memory("x/deal_company.csv", table([{"deal_id": "401", "company_id": "201", "type_id": "5"}]))
    found = export(deal=[row], more=[link])
    deal = only(found, Opportunity)
    assert (deal.firm, deal.owner, deal.amount, deal.currency, deal.status) == (
        "hubspot:company:201",
        "hubspot:owner:301",
        5,
        "SEK",
        "lost",
    )
    assert [one.person for one in records(found, OpportunityRole)] == [
        "hubspot:contact:101",
        "hubspot:contact:102",
    ]


def test_a_mail_is_the_same_as_in_a_mailbox_without_the_addresses_that_log_it(export):
    row = {
        **{
            "hs_email_message_id": "<ABC@x>",
            "hs_email_thread_id": "<Root@x>",
            "hs_email_bcc_email": "1@bcc.hubspot.com",
        },
        "hs_email_cc_email": "Cy <cy@acme.example>; dd@acme.example",
    }
    one = only(export(email=[row]), Interaction)
    assert (one.id, one.thread) == ("mail:abc@x", "root@x")
    assert one.participants == (
        ("from", "anna@ours.example"),
        ("to", "eva@acme.example"),
        ("cc", "cy@acme.example"),
        ("cc", "dd@acme.example"),
    )


@pytest.mark.parametrize(
    ("direction", "ours", "theirs"),
    [("EMAIL", "from", "to"), ("INCOMING_EMAIL", "to", "from"), ("", "from", "to")],
)
def test_a_mail_without_addresses_has_owner_and_contacts_by_its_direction(direction, ours, theirs, export):
    row = {
        "hs_email_direction": direction,
        "hs_email_from_email": "",
        "hs_email_to_email": "",
        "hubspot_owner_id": "301",
        "contacts": "101",
    }
    assert set(only(export(email=[row]), Interaction).participants) == {
        (ours, "hubspot:owner:301"),
        (theirs, "hubspot:contact:101"),
    }


def test_a_meeting_is_the_same_as_in_a_calendar(export):
    row = {"hs_i_cal_uid": "UID@x", "contacts": "101", "hs_attendee_owner_ids": "301;302", "companies": "201"}
    one = only(export(meeting=[row]), Interaction)
    assert (one.id, one.thread) == ("ev:UID@x#20240305T090000Z", "UID@x")
    assert set(one.participants) == {
        ("organizer", "hubspot:owner:301"),
        ("attendee", "hubspot:owner:302"),
        ("attendee", "hubspot:contact:101"),
    }


def test_one_company_alone_takes_part_where_nobody_is_named_also_under_an_id_that_was_merged(export):
    company = {"hs_merged_object_ids": "208"}
    found = export(company=[company], call=[{"companies": "208"}])
    assert ("account", "hubspot:company:201") in only(found, Interaction).participants
    assert reasons(export(call=[{"companies": "201;202"}])) == ["nobody_named"]
    assert reasons(export(call=[{}])) == ["nobody_named"]


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        *(
            (kind, {"archived": "true"}, "deleted")
            for kind in ("company", "contact", "deal", "email", "meeting", "call")
        ),
        ("email", {"hs_email_status": "BOUNCED"}, "bounce"),
        ("email", {"hs_email_status": "FAILED"}, "bounce"),
        ("email", {"hs_email_status": "SCHEDULED"}, "not_sent"),
        ("email", {"hs_email_status": "DRAFT"}, "draft"),
        ("email", {"hs_email_from_email": ""}, "no_sender"),
        ("email", {"hs_email_to_email": ""}, "no_recipient"),
        ("meeting", {"hs_meeting_outcome": "No Show"}, "no_show"),
        ("meeting", {"hs_meeting_outcome": "CANCELED"}, "cancelled"),
        ("meeting", {"hs_meeting_outcome": "RESCHEDULED"}, "rescheduled"),
        ("call", {"hs_call_status": "NO_ANSWER"}, "not_connected"),
    ],
)
def test_what_did_not_take_place_is_left_out(kind, row, reason, export):
    """P32, P52."""
    assert reason in REASONS
    assert reasons(export(**{kind: [row]})) == [reason]


@pytest.mark.parametrize(
    ("kind", "row", "code", "column"),
    [
        ("company", {"hs_object_id": "1.2E+11"}, "hubspot_id", "hs_object_id"),
        ("company", {"name": "", "domain": ""}, "missing", "name"),
        ("contact", {"companies": "Acme"}, "hubspot_id", "companies"),
        ("deal", {"amount": "1.234,50"}, "number", "amount"),
        ("email", {"hs_timestamp": "03/04/2024"}, "date", "hs_timestamp"),
        ("call", {"contacts": "x"}, "hubspot_id", "contacts"),
    ],
)
def test_a_bad_cell_costs_its_row_and_is_named_as_the_file_calls_it(kind, row, code, column, export):
    (one,) = rejections(export(**{kind: [row]}))
    assert (one.code, one.column, one.origin.line) == (code, column, 2)


def test_times_without_offset_are_in_the_zone_that_is_given_or_told(export):
    """P41."""
    row = {"hs_timestamp": "2024-07-01 10:00", "contacts": "101"}
    utc, berlin = export(call=[row]), export(Options(tz="Europe/Berlin"), call=[row])
    assert only(utc, Interaction).at - only(berlin, Interaction).at == 2 * 3_600_000
    assert (notices(utc), notices(berlin)) == (["no_offset"], [])


def test_our_firm_is_told_once(export):
    found = export(owner=[{}, {"id": "302"}])
    assert records(found, Firm) == [Firm("hubspot:own", "Our firm", "own", ("ours.example",))]


def sources_of():
    return [one for one in find_sources([GOLDEN / "hubspot"]) if not one.name.endswith(".txt")]


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(run, order: random.Random):
    sources = sources_of()
    expected = told(run(HubSpotImporter(), sources, OURS))
    order.shuffle(sources)
    assert told(run(HubSpotImporter(), sources, OURS)) == expected


@settings(max_examples=20)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(lambda text: f"kanarie{text}")
)
def test_what_people_wrote_changes_nothing_and_comes_out_nowhere(run, memory, canary):
    extra = dict.fromkeys(
        ("hs_email_subject", "hs_email_text", "hs_email_html", "hs_meeting_title", "hs_call_body", "hs_body_preview", "description", "notes"),
        canary,
    )  # fmt: skip
    importer = HubSpotImporter()

    def files(more):
        tables = [memory(f"x/{kind}s.csv", table([{**row, **more}])) for kind, row in ROWS.items()]
        bad = {
            "id": "x",
            "properties": {"hs_timestamp": "2", "hs_email_from_email": "a@b.example", **more},
            "note": more,
        }
        return [*tables, memory("y/emails.jsonl", json.dumps(bad) + "\n")]

    assert told(run(importer, files(extra), OURS)) == told(run(importer, files({}), OURS))
    assert "kanarie" not in shown(importer, files(extra), OURS)


def test_an_object_that_was_set_aside_is_read_again_alone_with_what_other_files_said(run, memory):
    importer = HubSpotImporter()
    call = {
        "id": "701",
        "properties": {"hs_timestamp": "soon", "hubspot_owner_id": "301", "hs_call_body": "words"},
    }
    link = memory(
        "x/engagement_contact.csv", table([{"engagement_id": "701", "contact_id": "101", "type_id": "5"}])
    )
    (part,) = importer.plan([memory("x/calls.jsonl", json.dumps(call) + "\n"), link], OURS)
    (raw,) = importer.read(part, OURS)
    assert isinstance(raw, Raw)
    assert part.header is None
    text = raw.text.replace("soon", "2024-03-06T10:00:00Z")
    again = run(importer, [TextSource("x/calls.jsonl", f"{text}\n".encode())], OURS)
    assert ("callee", "hubspot:contact:101") in only(again, Interaction).participants
