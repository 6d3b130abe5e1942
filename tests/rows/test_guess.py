from synth.rows.guess import guess


def test_our_own_names_need_no_columns() -> None:
    found = guess({"id": "1", "prompt": "Why?", "response_a": "x", "response_b": "y"})
    assert (found.pairs, found.responses, found.prompt, dict(found.columns)) == (True, False, True, {})


def test_names_of_public_sets_are_taken_for_ours() -> None:
    found = guess({"instruction": "Why?", "output_1": "x", "output_2": "y", "question_id": 3})
    assert found.pairs
    assert found.columns == {
        "prompt": "instruction",
        "response_a": "output_1",
        "response_b": "output_2",
        "id": "question_id",
    }


def test_one_response_is_no_pair() -> None:
    found = guess({"question": "Why?", "chosen": "x"})
    assert not found.pairs
    assert found.columns == {"prompt": "question"}


def test_a_list_of_responses_is_seen() -> None:
    found = guess({"prompt": "Why?", "completions": ["x", "y"]})
    assert (found.pairs, found.responses) == (False, True)


def test_somebody_elses_categories_are_not_our_scenarios() -> None:
    assert "scenario" not in guess({"prompt": "Why?", "category": "health"}).columns


def test_rows_without_anything_like_a_prompt_are_told() -> None:
    assert not guess({"text": "Why?"}).prompt
