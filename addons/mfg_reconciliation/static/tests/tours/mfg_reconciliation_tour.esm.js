import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("mfg_reconcile", {
    steps: () => [
        {
            content: "The order differs, and the list says why",
            trigger: ".o_data_row:contains(Differs):contains(Doubled) td[name=state]",
            run: "click",
        },
        {
            content: "Both sides, and the cause, are on the form",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Produced):contains(4 Units):contains(8 Units)",
        },
        {
            content: "What is missing is named",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Consumed):contains(Missing)",
        },
        {
            content: "The message that proves it",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Produced) button[name=action_open_proofs]",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:has(.o_data_row:contains(Production reported)) .o_breadcrumb:contains(What Proves It)",
        },
        {
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(Correct or Accept)",
            run: "click",
        },
        {
            content: "The dialog shows what will be posted",
            trigger: ".modal .o_data_row:contains(Consumed):contains(+2 kg)",
        },
        {
            content: "Without a reason nothing happens",
            trigger: ".modal-footer button:contains(Post the Correction)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=reason]",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Counted with the shift lead",
        },
        {
            trigger: ".modal-footer button:contains(Post the Correction)",
            run: "click",
        },
        {
            content: "It is corrected",
            trigger:
                "body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current:contains(Corrected)) .nav-link:contains(History)",
            run: "click",
        },
        {
            content: "It says who did it, and why",
            trigger: ".o_data_row:contains(Max):contains(Counted with the shift lead)",
        },
    ],
});

registry.category("web_tour.tours").add("mfg_reconcile_differences", {
    steps: () => [
        {
            content: "The menu leads to single figures",
            trigger: ".o_menu_sections button:contains(Reconciliation)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains(Differences)",
            run: "click",
        },
        {
            content: "They are there by their cause",
            trigger: ".o_breadcrumb:contains(Differences)",
        },
        {
            trigger: ".o_group_header:contains(Missing)",
            run: "click",
        },
        {
            content: "Both sides and the difference are in the row",
            trigger:
                ".o_data_row:contains(Consumed):contains(2 kg):contains(0 kg) td[name=figure]",
            run: "click",
        },
        {
            content: "The figure says what can be done",
            trigger: ".o_form_view .alert-info:contains(Post the correction)",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(Correct or Accept)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=action] label:contains(Accept)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The glue was thrown away",
        },
        {
            trigger: ".modal-footer button[name=action_apply]:contains(Accept)",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current:contains(Accepted)):has(.o_field_widget[name=reason]:contains(thrown away))",
        },
        {
            trigger: ".o_breadcrumb .o_back_button a:contains(Differences)",
            run: "click",
        },
        {
            content: "What is decided is no longer open; the pivot counts the rest",
            trigger: ".o_list_view:not(:has(.o_group_header:contains(Missing)))",
        },
        {
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot:contains(Doubled)",
        },
    ],
});
