import numpy as np

from winnow.data.positive_events import positive_events


def test_the_types_of_the_schema_are_positive(validate):
    dataset = validate()
    clicks = [each == "click" for each in dataset.events["event_type"].to_pylist()]
    assert positive_events(dataset).tolist() == clicks
    assert positive_events(dataset, dataset.events.slice(0, 0)).dtype == np.bool_
    assert positive_events(dataset, dataset.events.slice(1, 1)).tolist() == clicks[1:2]
