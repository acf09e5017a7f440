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
