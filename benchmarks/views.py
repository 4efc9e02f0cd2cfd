"""What the web client asks for when it opens a view."""

from lxml import etree

ADDON = "sales_management"


def get_specification(env, model, view_type, xmlid, own=False):
    """Return the specification with which the web client reads the records of a view.

    :param bool own: include the fields that the addon adds to the view; without, both sides read the same
    """
    view = env[model].get_view(env.ref(xmlid).id, view_type)
    nodes = etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]")
    names = {node.get("name"): node for node in nodes}
    fields = env[model].fields_get(names, ["type", "relation"])
    specification = {}
    for name, node in names.items():
        if name not in fields or (not own and set(env[model]._fields[name]._modules) == {ADDON}):
            continue
        specification[name] = {}
        if fields[name]["type"] == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif fields[name]["type"] == "many2many" and node.get("widget") == "many2many_tags":
            shown = {"display_name", "color"} & set(env[fields[name]["relation"]]._fields)
            specification[name] = {"fields": {key: {} for key in sorted(shown)}}
    return specification
