import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const giveReason = (reason) => [
    {
        content: "Without a reason nothing happens",
        trigger: ".modal-footer button:contains(Approve)",
        run: "click",
    },
    {
        trigger: ".modal .o_field_invalid[name=reason]",
    },
    {
        trigger: ".modal .o_field_widget[name=reason] textarea",
        run: `edit ${reason}`,
    },
    {
        trigger: ".modal-footer button:contains(Approve)",
        run: "click",
    },
];

tours.add("mfg_approve_on_form", {
    steps: () => [
        {
            content: "The list says ordered, made, reported and tolerated",
            trigger:
                ".o_data_row:contains(this report adds 12):contains(at most 10) td[name=sentence]",
            run: "click",
        },
        {
            content: "The message says what to do",
            trigger: ".o_form_view .alert-danger:contains(approve the message)",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(Approve)",
            run: "click",
        },
        {
            content: "The dialog repeats what is approved",
            trigger: ".modal .o_data_row:contains(this report adds 12)",
        },
        ...giveReason("Counted twice"),
        {
            content: "The message is posted, and shows who let it",
            trigger:
                "body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current:contains(Posted)) .alert-info:contains(Counted twice)",
        },
        {
            content: "It cannot be approved again",
            trigger:
                ".o_form_view:not(:has(.o_statusbar_buttons button:contains(Approve)))",
        },
    ],
});

tours.add("mfg_approve_in_list", {
    steps: () => [
        {
            content: "One that needs something else has no Approve in its row",
            trigger:
                ".o_data_row:contains(NO/SUCH):not(:has(button:contains(Approve)))",
        },
        {
            content: "One by itself, in its row",
            trigger:
                ".o_data_row:contains(this report adds 11) button:contains(Approve)",
            run: "click",
        },
        ...giveReason("One more was needed"),
        {
            trigger:
                "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains(this report adds 11)))",
        },
        {
            content: "All of them, chosen",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Approve)",
            run: "click",
        },
        {
            content: "What cannot be approved is left as it is",
            trigger: ".modal .alert:contains(left as they are)",
        },
        ...giveReason("The customer takes them"),
        {
            trigger:
                "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains(at most)))",
        },
        {
            trigger: ".o_data_row:contains(NO/SUCH)",
        },
    ],
});

tours.add("mfg_follow_a_reversal", {
    steps: () => [
        {
            content: "The log says that it was taken back, and why",
            trigger:
                ".o_data_row:contains(took it back):contains(Wrong order) td[name=sentence]",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.ribbon:contains(Reversed))",
        },
        {
            trigger: "button[name=action_reversed_by]",
            run: "click",
        },
        {
            content: "The message that took it back",
            trigger: ".o_form_view h1:contains(Event reversed)",
        },
        {
            trigger: "button[name=action_reverses]",
            run: "click",
        },
        {
            content: "And there again",
            trigger:
                ".o_form_view:has(.ribbon:contains(Reversed)) h1:contains(Production reported)",
        },
    ],
});

tours.add("mfg_see_what_waits", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Posted) td[name=sentence]",
            run: "click",
        },
        {
            content: "Part of it is posted, the rest is on a page of its own",
            trigger: ".o_notebook .nav-link:contains(Waits for Stock)",
            run: "click",
        },
        {
            content: "What is missing, in words",
            trigger:
                ".o_field_widget[name=rest_ids] .o_data_row:contains(BOARD) td[name=sentence]",
            run: "click",
        },
        {
            content: "A message of its own, which names the one it is the rest of",
            trigger: ".o_field_widget[name=rest_of_id]:contains(Material consumed)",
        },
    ],
});

tours.add("mfg_readings_as_a_graph", {
    steps: () => [
        {
            content: "What was measured lately",
            trigger: ".o_data_row:contains(Temperature):contains(62.5)",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_view .o_graph_renderer canvas",
        },
        {
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "The same by machine",
            trigger: ".o_pivot_view:contains(SAW centre)",
        },
    ],
});
