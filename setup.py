"""What pyproject.toml cannot say: files of two folders of the repository go into the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["forecast*"]), "forecast.data", "forecast.notebooks"],
    package_dir={"forecast.data": "data", "forecast.notebooks": "notebooks"},
)
