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
