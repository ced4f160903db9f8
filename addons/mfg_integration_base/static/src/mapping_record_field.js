import {
    ReferenceField,
    referenceField,
} from "@web/views/fields/reference/reference_field";
import {Domain} from "@web/core/domain";
import {registry} from "@web/core/registry";

/**
 * The record a plant code stands for. The kind of the code says of which model it
 * is, so that the person chooses a record only, never a model.
 */
export class MfgMappingRecordField extends ReferenceField {
    get hideModelSelector() {
        return true;
    }

    get m2oProps() {
        const {record_domain} = this.props.record.data;
        return {
            ...super.m2oProps,
            domain: () => new Domain(record_domain || "[]").toList(),
        };
    }

    getRelation() {
        return this.props.record.data.record_model || false;
    }
}

export const mfgMappingRecordField = {
    ...referenceField,
    component: MfgMappingRecordField,
    fieldDependencies: [
        {name: "record_model", type: "char"},
        {name: "record_domain", type: "char"},
    ],
};

registry.category("fields").add("mfg_mapping_record", mfgMappingRecordField);
