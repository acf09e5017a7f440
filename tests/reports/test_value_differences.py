from reports.differences import compare


def differing(lines):
    return [line.text.strip() for line in lines if line.differs]


def test_a_changed_member_is_marked_on_both_sides():
    both = compare({"a": 1, "b": 2}, {"a": 1, "b": 3})
    assert differing(both.expected) == ['"b": 2']
    assert differing(both.observed) == ['"b": 3']


def test_a_missing_member_is_marked_and_its_neighbour_is_not():
    both = compare({"a": 1, "b": 2}, {"a": 1})
    assert differing(both.expected) == ['"b": 2']
    assert differing(both.observed) == []


def test_values_without_a_common_line_are_not_marked():
    both = compare(201, 200)
    assert [line.text for line in both.expected] == ["201"]
    assert differing(both.expected) == []
    assert differing(both.observed) == []


def test_text_is_shown_as_text():
    both = compare("an absolute URI", "")
    assert [line.text for line in both.expected] == ["an absolute URI"]
    assert [line.text for line in both.observed] == [""]


def test_a_long_value_is_cut_and_says_so():
    both = compare("x" * 4097, None)
    assert both.cut
    assert len(both.expected[0].text) == 4096
    assert not compare("x" * 4096, None).cut


def test_nothing_is_compared_with_nothing():
    assert compare(None, None) is None


def parts(lines):
    return [
        "".join(f"[{part.text}]" if part.differs else part.text for part in line.parts)
        for line in lines
    ]


def test_only_the_part_that_differs_is_marked_in_a_line():
    both = compare({"type": "application/json", "n": 1}, {"type": "application/xml", "n": 1})
    assert parts(both.expected) == ["{", '  "type": "application/[json]",', '  "n": 1', "}"]
    assert parts(both.observed) == ["{", '  "type": "application/[xml]",', '  "n": 1', "}"]


def test_a_line_without_a_counterpart_is_marked_without_its_indentation():
    both = compare({"a": 1}, {"a": 1, "b": {"c": 2}})
    assert parts(both.observed) == ["{", '  "a": 1,', '  ["b": {]', '    ["c": 2]', "  [}]", "}"]
    assert parts(both.expected) == ["{", '  "a": 1', "}"]


def test_members_are_compared_with_their_namesakes_only():
    both = compare({"x": 1, "start": "10 o'clock"}, {"x": 1, "end": "10 o'clock"})
    assert differing(both.expected) == ['"start": "10 o\'clock"']
    assert parts(both.expected)[2] == '  ["start": "10 o\'clock"]'


def test_texts_that_are_alike_are_marked_where_they_differ():
    both = compare("a Location of the new promotion", "a Location of another promotion")
    assert parts(both.expected) == ["a Location of [the new] promotion"]
    assert parts(both.observed) == ["a Location of [another] promotion"]


def test_ids_are_not_versions_of_each_other():
    one, other = "08eb49a5-e2d2-4ab8-b413-051191a61225", "05b6e6e3-07d4-4edc-9143-1193e6c3f339"
    both = compare([one], [other])
    assert parts(both.expected)[1] == f'  ["{one}"]'


def test_the_pieces_of_a_line_make_the_line():
    both = compare({"a": ["x, y", 1], "b": "  two  spaces"}, {"a": ["x, z", 1], "b": "two spaces"})
    assert "\n".join(line.text for line in both.expected) == (
        '{\n  "a": [\n    "x, y",\n    1\n  ],\n  "b": "  two  spaces"\n}'
    )
