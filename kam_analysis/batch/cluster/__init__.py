"""Reports on the machines of a Dask cluster. `cluster` is this machine's side, `on_worker` the other; a `parcel` goes
from one to the other."""
