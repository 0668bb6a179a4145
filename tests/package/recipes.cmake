# Reads the recipes of examples/packaging as far as that goes without their package managers: their syntax, and that they
# name the version and the components of the library.
cmake_minimum_required(VERSION 3.25)
set(folder ${SOURCE}/examples/packaging)
file(STRINGS ${SOURCE}/CMakeLists.txt project REGEX "^project\\(authmod VERSION")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${project}")

file(READ ${folder}/vcpkg/authmod/vcpkg.json manifest)
string(JSON named GET "${manifest}" version) # an error in the JSON ends the script
foreach(component IN ITEMS beast sqlite postgres server)
    string(JSON description GET "${manifest}" features ${component} description)
endforeach()
file(STRINGS ${folder}/conan/conanfile.py in_conan REGEX "^    version = ")
if(NOT named STREQUAL version OR NOT in_conan STREQUAL "    version = \"${version}\"")
    message(FATAL_ERROR "a recipe is of another version than ${version}: ${named}, ${in_conan}")
endif()

# The port with vcpkg's functions taken away: every command of it is known and has its arguments.
foreach(name IN ITEMS vcpkg_cmake_configure vcpkg_cmake_install vcpkg_cmake_config_fixup vcpkg_install_copyright)
    function(${name})
    endfunction()
endforeach()
set(CURRENT_PACKAGES_DIR /nonexistent/packages)
include(${folder}/vcpkg/authmod/portfile.cmake)

find_program(python NAMES python3)
if(python)
    execute_process(COMMAND ${python} -c "import ast, sys; ast.parse(open(sys.argv[1]).read())" ${folder}/conan/conanfile.py
        RESULT_VARIABLE status ERROR_VARIABLE error)
    if(status)
        message(FATAL_ERROR "conanfile.py: ${error}")
    endif()
endif()
