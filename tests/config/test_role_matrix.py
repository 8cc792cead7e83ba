"""Which role may open or do what: every address of the admin, the planner and the maps, for every role and nobody."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from trust.roles import Role, group_of

LETTERS = dict(zip("E123VPAS", Role, strict=True))
#: Roles, then what they alone may open or do, as namespace:name; {a,b} for several. `-`: nobody but a superuser,
#: or not even that. `*`: whoever asks. A results address is its list's twin and shares its line.
MATRIX = """
* wagtailadmin_sprite wagtailadmin_password_reset wagtailadmin_password_reset_done wagtailadmin_password_reset_confirm
* wagtailadmin_password_reset_complete wagtailadmin_javascript_catalog
E123VPAS wagtailadmin_home wagtailadmin_choose_page wagtailadmin_choose_page_child wagtailadmin_choose_page_search
E123VPAS wagtailadmin_choose_page_chosen_multiple wagtailadmin_choose_page_external_link
E123VPAS wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link
E123VPAS wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete wagtailadmin_account
E123VPAS wagtailadmin_dismissibles wagtailadmin_api:pages:listing wagtailadmin_api:documents:{listing,detail}
E123VPAS wagtailadmin_api:images:{listing,detail}
E123VPAS wagtailadmin_pages:{choose_parent,move_confirm,confirm_workflow_cancellation,revisions_index}
E123VPAS wagtailadmin_workflows:{task_chooser,task_chooser_create,task_chosen} wagtailadmin_reports:site_history
E123VPAS wagtailadmin_editing_sessions:release trust_account:{security,verify,password,set_up,new_codes,turn_off}
E123VPAS wagtailembeds:{chooser,chooser_upload}
E123VPAS wagtailsnippetchoosers_lawbook_explanation:{choose,chosen,chosen_multiple}
E123VPAS wagtailsnippetchoosers_lawbook_glossaryterm:{choose,chosen,chosen_multiple}
E123VPAS wagtailsnippetchoosers_lawbook_law:{choose,chosen,chosen_multiple}
E123VPAS wagtailsnippetchoosers_lawbook_lawversion:{choose,chosen,chosen_multiple}
E123VPAS wagtailsnippetchoosers_lawbook_article:{choose,chosen,chosen_multiple}
E123VPAS wagtaildocs_chooser:{choose,chosen_multiple} wagtailimages_chooser:{choose,chosen_multiple}
E123 wagtailadmin_explore_root wagtailadmin_explore
E123 wagtailadmin_pages:{type_use,usage,edit,preview_on_edit,view_draft}
E123 wagtailadmin_pages:{search,copy,revisions_view,revisions_revert,workflow_history,history}
E123 wagtailadmin_reports:{workflow,workflow_tasks,aging_pages,page_types_usage} wagtailadmin_editing_sessions:ping
E123 wagtailsnippets_lawbook_explanation:{edit,usage,history,preview_on_edit}
E123 wagtailsnippets_lawbook_glossaryterm:{edit,usage,history} wagtaildocs_chooser:chosen
E wagtailadmin_pages:{add,preview_on_add,add_subpage}
E wagtaildocs:{index,add,edit,delete,add_multiple,edit_multiple,delete_multiple,document_usage}
E wagtailsnippets_lawbook_explanation:{add,delete,preview_on_add} wagtailsnippetchoosers_lawbook_explanation:create
E wagtailsnippets_lawbook_glossaryterm:{add,delete} wagtailsnippetchoosers_lawbook_glossaryterm:create
E reply-templates:{add,edit,delete,history,usage} synonyms:{add,edit,delete,history,usage} wagtaildocs_chooser:create
3 wagtailadmin_pages:{delete,unpublish,move,set_privacy,revisions_unschedule}
E3 wagtailsnippets_lawbook_explanation:unpublish wagtailsnippets_lawbook_glossaryterm:unpublish
EV wagtailimages:{index,edit,delete,preview,add,image_usage,add_multiple,edit_multiple,delete_multiple}
EV wagtailimages_chooser:create
E123V wagtailimages_chooser:{chosen,select_format}
V media_admin:{new_version,save_captions,make_cut} films:{add,edit,delete,history,usage} bus_cuts:add playlists:add
V packages:add
3V media_admin:publish
123V media_admin:review_captions
123 lawbook_sign lawbook_sign_term
123VPAS media_admin:film films:index bus_profiles:index
123VPA bus_cuts:index playlists:index packages:index play_reports:index
P booking:add adcode:{add,edit,history,usage,copy} campaigns:{compute_saved,compute,trial}
PS geo_score_area ratecard:{add,edit,delete,history,usage,copy} placement:{add,edit,delete,history,usage,copy}
PS geo-imports:upload geo-hotspots:{add,edit,delete,history,usage} geo-lines:{edit,history,usage}
PS geo-areas:{edit,history,usage}
3PAS ratecard:index placement:index booking:index adcode:index geo-imports:index geo-scores:index
3PAS geo-hotspots:{index,inspect} geo-lines:{index,inspect} geo-routes:{index,inspect} geo-stops:{index,inspect}
3PAS geo-areas:{index,inspect} geo-sources:{index,inspect} campaigns:{planner,bookings,area,layers,tables,prices}
3PAS campaigns:{placement,placement_json}
3PAS geo:{map,map_download,layer}
VS bus_profiles:add
VPS jobs:{index,inspect}
S jobs:{cancel,retry}
E123AS wagtailsnippets_lawbook_explanation:list wagtailsnippets_lawbook_glossaryterm:list
E123AS wagtailsnippets_lawbook_law:list wagtailsnippets_lawbook_lawversion:list
E123AS wagtailsnippets_lawbook_article:{list,inspect}
EA feedback_inbox feedback_message reply-templates:index
ES search_misses wagtailsnippets_lawbook_law:{edit,usage,history}
ES wagtailsnippets_lawbook_lawversion:{edit,usage,history} synonyms:index
AS trust_audit_export audit:{index,inspect}
S wagtailadmin_collections:{index,add,edit,delete,set_privacy} trust_account:person
S wagtailredirects:{index,add,edit,delete,start_import,process_import} wagtailsettings:edit geo-areas:{add,delete}
S wagtailsites:{index,edit,history,usage} wagtailusers_users:{index,add,edit,history,usage,copy}
- wagtailadmin_pages:{set_page_position,lock,unlock} wagtailadmin_workflows:{index,add,enable,disable,edit,usage}
- wagtailadmin_workflows:{remove,add_task,select_task_type}
- wagtailadmin_workflows:{task_index,edit_task,disable_task,enable_task} wagtailadmin_reports:locked_pages
- wagtailsnippets:index wagtailsnippets_lawbook_law:{add,delete} wagtailsnippetchoosers_lawbook_law:create
- wagtailsnippets_lawbook_lawversion:{add,delete} wagtailsnippetchoosers_lawbook_lawversion:create
- wagtailsnippets_lawbook_article:{add,edit,delete,usage,history} wagtailsnippetchoosers_lawbook_article:create
- jobs:{add,edit,delete,history,usage} adcode:delete play_reports:add geo-scores:{add,edit} geo-lines:{add,delete}
- geo-routes:{add,edit,delete,history,usage} geo-stops:{add,edit,delete,history,usage}
- geo-sources:{add,edit,delete,history,usage} audit:{add,edit,delete,history,usage} wagtailsites:{add,delete,copy}
- wagtailusers_users:delete wagtailusers_groups:{index,add,edit,delete,history,usage}
E123VPAS editorial_admin:queue wagtailsnippets_lawbook_explanation:confirm_workflow_cancellation
E123VPAS wagtailsnippets_lawbook_glossaryterm:confirm_workflow_cancellation
E123VPAS film_chooser:{choose,chosen_multiple}
E123V film_chooser:chosen
123VPAS editorial_admin:film
E123AS editorial_admin:{health,inspect_now} termrule:index allowance:index
V media_admin:{uploads,upload} film_chooser:create
123VPA media_admin:withdrawn
E123 wagtailsnippets_lawbook_explanation:workflow_history wagtailsnippets_lawbook_glossaryterm:workflow_history
3S termrule:{add,edit,history,usage} allowance:add
- termrule:delete
3 watchedname:{index,add}
123AS deputy:index
123S deputy:add
E3 reviewdate:{index,add}
"""
#: Addresses of things that the starter site does not have, or that need more than an address: nobody is asked for a
#: role before that is missed. The tests of their apps make such things and ask.
ABSENT = """
wagtailadmin_api:pages:{detail,find,action} wagtailadmin_api:documents:find wagtailadmin_api:images:find
wagtail_bulk_action wagtailadmin_block_preview wagtailadmin_pages:{convert_alias,workflow_action}
wagtailadmin_pages:{collect_workflow_action_data,workflow_history_detail}
media_admin:{status,again,cut,approve_cut,cut_file}
media_admin:{playlist,make_package,package,package_file,withdraw_package} trust_account:end_session
wagtailsettings:preview_on_edit wagtaildocs:{create_multiple_from_uploaded_document,delete_upload_multiple}
wagtailimages:{url_generator,url_generator_output}
wagtailimages:{create_multiple_from_uploaded_image,delete_upload_multiple}
wagtailsnippets_lawbook_explanation:{revisions_view,revisions_revert}
wagtailsnippets_lawbook_explanation:{revisions_compare,revisions_unschedule}
wagtailsnippets_lawbook_glossaryterm:{revisions_revert,revisions_compare,revisions_unschedule}
booking:{edit,delete,history,usage,copy} bus_cuts:{edit,delete,history,usage}
bus_profiles:{edit,delete,history,usage,copy} playlists:{edit,delete,history,usage}
packages:{edit,delete,history,usage} play_reports:{edit,delete,history,usage}
geo-imports:{show,columns,again,apply,picture} geo-scores:{delete,history,usage,inspect}
campaigns:{job_status,plan,report,approve,book,plan_map,plan_geojson,plan_csv,plan_schedule,mark}
geo:{tile,base} feedback_act
campaigns:{approve_artwork,artwork,artwork_face,artwork_original,artworks,booking,cancel_booking,code_archive,code_file}
campaigns:{closing,closing_file,closing_kept,compare,crews,hold,judge_proof,money,plan_calendar,posting,proof}
campaigns:{proof_photo,release,street,price_file,make_crew_link,revoke_crew_link,mark_placement}
wagtailadmin_pages:{workflow_preview,revisions_compare}
editorial_admin:{review,ask_urgent,urgent} media_admin:{discard_upload,edit_captions} geo_export_area
wagtailsnippets_lawbook_explanation:{workflow_action,collect_workflow_action_data,workflow_history_detail,workflow_preview}
wagtailsnippets_lawbook_glossaryterm:{workflow_action,collect_workflow_action_data,workflow_history_detail}
allowance:{edit,delete,history,usage} watchedname:{edit,delete,history,usage} deputy:{edit,delete,history,usage}
reviewdate:{edit,delete,history,usage}
"""


OF_NO_ROLE = {"wagtailadmin_login", "wagtailadmin_logout"}


def spread(names):
    """`a:{b,c} d` is `a:b`, `a:c`, `d`."""
    for word in names.split():
        head, _, inside = word.partition("{")
        yield from (head + name for name in inside.rstrip("}").split(",")) if inside else [word]


def table():
    found = {}
    for line in MATRIX.strip().splitlines():
        letters, _, names = line.partition(" ")
        for name in spread(names):
            assert name not in found, f"{name} stands twice in the table"
            found[name] = letters
    return found


def listed(name):
    return re.sub(r"_results$", "", name)


def outcome(client, address):
    """Whether the person of `client` gets through: allowed, denied, or absent where there is nothing to ask for."""
    with transaction.atomic():
        response = client.get(address.path)
        if response.status_code == 405:
            response = client.post(address.path)
        transaction.set_rollback(True)
    if response.status_code == 404:
        return "absent"
    place = response.get("Location", "").partition("?")[0]
    away = response.status_code == 302 and place in {"/admin/", "/admin/login/"}
    return "denied" if away or response.status_code == 403 else "allowed"


def unlike(client, addresses, log_in, letter):
    expected, absent = table(), set(spread(ABSENT))
    different = []
    for address in addresses:
        name = listed(address.name)
        if name in OF_NO_ROLE or (name != address.name and name in expected):
            continue
        log_in()
        found = outcome(client, address)
        wanted = "absent" if name in absent else "allowed" if {letter, "*"} & set(expected[name]) else "denied"
        if found != wanted and {found, wanted} != {"absent", "denied"}:  # not to be found is one way to be kept out
            different.append(f"{address.name} ({address.path}) is {found}, not {wanted}")
    return different


def test_every_address_stands_in_the_table(addresses):
    known = set(table()) | set(spread(ABSENT))
    names = {listed(address.name) for address in addresses} - OF_NO_ROLE
    assert sorted(names - known) == [], "say in the table who may use it"
    assert sorted(known - names) == [], "no such address any more"


@pytest.mark.parametrize("letter", LETTERS)
def test_a_role_gets_through_exactly_where_the_table_says(letter, addresses, client):
    person = get_user_model().objects.create_user(f"only-{LETTERS[letter].value}")
    person.groups.add(group_of(LETTERS[letter]))

    def log_in():
        if client.session.get("_auth_user_id") != str(person.pk):
            client.force_login(person)

    client.raise_request_exception = False
    assert unlike(client, addresses, log_in, letter) == []


def test_nobody_gets_in_without_an_account(addresses, client):
    assert unlike(client, addresses, lambda: None, "-anonymous") == []
