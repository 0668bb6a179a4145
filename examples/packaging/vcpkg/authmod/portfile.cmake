# Untried: vcpkg is in no Debian package; only the syntax of this file is checked. An overlay port beside the sources:
#   vcpkg install authmod --overlay-ports=examples/packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS -DAUTHMOD_BUILD_TESTS=OFF -DAUTHMOD_BUILD_EXAMPLES=OFF -DAUTHMOD_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/authmod)

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug") # headers only
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
