import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("mfg_go_back_after_a_refusal", {
    steps: () => [
        {
            content: "The order says that the plant refused, and why",
            trigger:
                ".o_form_view .alert-danger:contains(refused version):contains(No tool)",
        },
        {
            content: "What was changed, in words",
            trigger: ".alert-danger button:contains(See What Changed)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Quantity: 10 Units → 12 Units):contains(Refused)",
        },
        {
            content: "Each version can be read",
            trigger: ".o_data_row:contains(Released) td[name=summary]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=answer_ids]:contains(Accepted)",
        },
        {
            content: "Back to the order",
            trigger: ".o_field_widget[name=production_id] a, a.o_form_uri",
            run: "click",
        },
        {
            trigger: ".alert-danger button:contains(Go Back)",
            run: "click",
        },
        {
            content: "It asks before",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The alert is gone, the quantity is what the plant accepted",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(.alert-danger:contains(refused version)))",
        },
        {
            trigger: ".oe_stat_button:contains(Versions):contains(3)",
        },
    ],
});
