import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("mfg_heal_by_mapping", {
    steps: () => [
        {
            content: "The log says in words what is parked",
            trigger:
                ".o_data_row:contains(STEEL-BAR):contains(Parked) td[name=sentence]",
            run: "click",
        },
        {
            content: "The message says what to do",
            trigger: ".o_form_view .alert-danger:contains(Map the plant)",
        },
        {
            content: "The payload is a table, with the wrong field marked",
            trigger: ".o_mfg_payload tr.table-danger:contains(STEEL-BAR)",
        },
        {
            trigger: "button[name=action_create_mapping]",
            run: "click",
        },
        {
            content: "Kind and code are filled in",
            trigger: ".modal .o_field_widget[name=code]:contains(STEEL-BAR)",
        },
        {
            trigger: ".modal .o_field_widget[name=record] input",
            run: "edit BAR-20",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(BAR-20)",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains(Save and Post)",
            run: "click",
        },
        {
            content: "The message is posted without anything else touched",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_arrow_button_current:contains(Posted)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Odoo Records)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=link_ids] .o_data_row:contains(Bar)",
        },
    ],
});

tours.add("mfg_cancel_with_reason", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(STEEL-BAR) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Cancel)",
            run: "click",
        },
        {
            content: "Without a reason nothing happens",
            trigger: ".modal-footer button:contains(Cancel the messages)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=reason]",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Reported twice",
        },
        {
            trigger: ".modal-footer button:contains(Cancel the messages)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains(Nothing waits)",
        },
    ],
});

tours.add("mfg_set_up_endpoint", {
    steps: () => [
        {
            trigger: "button:contains(Connect a Plant System)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit MES Lyon && press Tab",
        },
        {
            content: "Code and source follow the name",
            trigger:
                ".modal .o_field_widget[name=source] input:value(urn:plant:mes-lyon)",
        },
        {
            content: "The known message types are ticked",
            trigger: ".modal .o_data_row:contains(Connection tested) input:checked",
        },
        {
            trigger: ".modal-footer button:contains(Create and show the key)",
            run: "click",
        },
        {
            content: "The key and a command that tries it are shown",
            trigger: ".modal .o_field_widget[name=example]:contains(/mfg/v1/events)",
        },
        {
            trigger: ".modal .o_clipboard_button",
        },
        {
            trigger: ".modal-footer button:contains(I have the key)",
            run: "click",
        },
        {
            content: "The endpoint is there",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(MES Lyon)",
        },
    ],
});

tours.add("mfg_approve_version", {
    steps: () => [
        {
            content: "Which versions wait for approval is seen in the list",
            trigger: ".o_data_row:contains(Proposed) td[name=type]",
            run: "click",
        },
        {
            trigger: "button[name=action_review]",
            run: "click",
        },
        {
            content: "How the messages of the trial would have ended",
            trigger: ".modal .alert-success:contains(would all have been posted)",
        },
        {
            content: "What the plant has to send besides",
            trigger: ".modal .o_data_row.text-danger:contains(system)",
        },
        {
            content: "Without a reason nothing goes live",
            trigger: ".modal button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".modal:contains(Say why) .btn-close",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Tried with line 1",
        },
        {
            trigger: ".modal button[name=action_approve]",
            run: "click",
        },
        {
            content: "It is live, and kept who approved it and why",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Live)",
        },
        {
            trigger:
                ".o_field_widget[name=approval_reason]:contains(Tried with line 1)",
        },
    ],
});

tours.add("mfg_accept_proposal", {
    steps: () => [
        {
            content: "The list says in words what the plant would like",
            trigger:
                ".o_data_row:contains(GASKET):contains(Gasket 8 mm) td[name=title]",
            run: "click",
        },
        {
            content: "What is, and what is proposed, field by field",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Name) td[name=proposed]:contains(Gasket 8 mm)",
        },
        {
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "It is accepted, by whom is said",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Accepted)) .o_field_widget[name=decided_by_id]",
        },
        {
            trigger: "button[name=action_open_record]",
            run: "click",
        },
        {
            content: "The product is there",
            trigger: ".o_form_view .o_breadcrumb .active:contains(Gasket 8 mm)",
        },
    ],
});

tours.add("mfg_refuse_proposals", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(GASKET) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(SHELF-1) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name=action_refuse]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit We have both",
        },
        {
            trigger: ".modal-footer button.btn-danger:contains(Refuse)",
            run: "click",
        },
        {
            content: "Nothing is left to decide",
            trigger:
                "body:not(:has(.modal)) .o_view_nocontent:contains(Nothing to decide)",
        },
    ],
});

tours.add("mfg_published_records", {
    steps: () => [
        {
            content: "Records are grouped by their kind",
            trigger: ".o_group_header:contains(Material)",
        },
        {
            trigger: ".o_searchview_facet:contains(Kind) .o_facet_remove",
            run: "click",
        },
        {
            content: "What ended is found by a filter",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains(Ended)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(P-ENDED)",
        },
        {
            trigger: ".o_searchview_facet:contains(Ended) .o_facet_remove",
            run: "click",
        },
        {
            content: "A record is found by its code",
            trigger: ".o_searchview_input",
            run: "edit P-1",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_data_row:contains(P-ENDED))) .o_data_row:contains(P-1) td[name=name]",
            run: "click",
        },
        {
            content: "The form says what each plant was sent",
            trigger: ".o_form_view .o_field_widget[name=received]:contains(version 1)",
        },
        {
            trigger: "button[name=action_messages]",
            run: "click",
        },
        {
            content: "The messages about this record, and no others",
            trigger: ".o_list_view .o_data_row:contains(Master data: material)",
        },
        {
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: "button[name=action_open_record]",
            run: "click",
        },
        {
            content: "The product itself",
            trigger: ".o_form_view .o_breadcrumb .active:contains(Product P-1)",
        },
        {
            content: "What could not be published has a screen of its own",
            trigger: ".o_menu_sections button:contains(Master Data)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Not Published)",
            run: "click",
        },
        {
            content: "Which record, and why",
            trigger: ".o_data_row:contains(TypeError) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_try_again]",
            run: "click",
        },
        {
            content: "It is still there: nobody has put it right",
            trigger: ".o_data_row:contains(TypeError) button[name=action_open_record]",
            run: "click",
        },
        {
            content: "The location itself",
            trigger: ".o_form_view .o_field_widget[name=name] :value(Hall)",
        },
    ],
});

tours.add("mfg_begin_anew", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(L-1) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_begin_anew]",
            run: "click",
        },
        {
            content: "Endpoint, kind and number of records are filled in",
            trigger: ".modal .o_field_widget[name=record_count]:contains(1)",
        },
        {
            content: "Without a reason nothing happens",
            trigger: ".modal-footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=reason]",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit New database of the MES",
        },
        {
            trigger: ".modal-footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row))",
        },
    ],
});
